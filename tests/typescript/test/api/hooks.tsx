"use client"
import type { UseQueryResult } from "@tanstack/react-query"
import type { ReactNode } from "react"
import type { KnownError } from "kernel/errors"
import { crossTab } from "kernel/live"
import {
  type Binding,
  ContextProvider,
  type ContextProviderProps,
  type ContextQueryOptions,
  type ContextQueryParams,
  type MizanContextProps,
  MizanRoot,
  type Mutation,
  type MutationOptions,
  useCall,
  useContextData,
  useContextQuery,
} from "kernel/react"
import { globalContext, type GlobalContextParams, userContext, type UserContextParams } from "./contexts"
import type { InsufficientFundsError } from "./errors"
import {
  callAddOrder,
  callDocsUpload,
  callEcho,
  callLogin,
  callLogout,
  callRename,
  callTransfer,
  callUpdateProfile,
} from "./functions"
import type {
  AddOrderArgs,
  CurrentUser,
  EchoArgs,
  EchoOutput,
  LoginArgs,
  Order,
  RenameArgs,
  SiteInfo,
  TransferArgs,
  UpdateProfileArgs,
  UploadArgs,
  UploadOutput,
  UserProfile,
} from "./types"

const bindings: readonly Binding[] = [crossTab]

/** Put this around the app. */
export function MizanContext(props: MizanContextProps): ReactNode {
  return <MizanRoot baseUrl="/api/mizan" {...props} global={globalContext} bindings={bindings} />
}

/** Names the `user` every reader below is about; fetches it once for all of them. */
export function UserContext(props: ContextProviderProps<UserContextParams>): ReactNode {
  return <ContextProvider def={userContext} props={props} />
}

export function useAddOrder(options?: MutationOptions<AddOrderArgs, null>): Mutation<AddOrderArgs, null> {
  return useCall(callAddOrder, options)
}

/** Who is logged in; null for a visitor. Suspends until known. */
export function useCurrentUser(params?: GlobalContextParams): CurrentUser | null {
  return useContextData(globalContext, "current_user", params)
}

/** {@link useCurrentUser} as a query: `{ data, error, isPending, refetch, … }`, no suspense. */
export function useCurrentUserQuery<Selected = CurrentUser | null>(
  params?: ContextQueryParams<GlobalContextParams>,
  options?: ContextQueryOptions<CurrentUser | null, Selected>,
): UseQueryResult<Selected, KnownError> {
  return useContextQuery(globalContext, "current_user", params, options)
}

export function useDocsUpload(options?: MutationOptions<UploadArgs, UploadOutput>): Mutation<UploadArgs, UploadOutput> {
  return useCall(callDocsUpload, options)
}

export function useEcho(options?: MutationOptions<EchoArgs, EchoOutput>): Mutation<EchoArgs, EchoOutput> {
  return useCall(callEcho, options)
}

export function useLogin(options?: MutationOptions<LoginArgs, CurrentUser>): Mutation<LoginArgs, CurrentUser> {
  return useCall(callLogin, options)
}

export function useLogout(options?: MutationOptions<void, null>): Mutation<void, null> {
  return useCall(callLogout, options)
}

export function useRename(options?: MutationOptions<RenameArgs, UserProfile>): Mutation<RenameArgs, UserProfile> {
  return useCall(callRename, options)
}

export function useSiteInfo(params?: GlobalContextParams): SiteInfo {
  return useContextData(globalContext, "site_info", params)
}

export function useTransfer(
  options?: MutationOptions<TransferArgs, null, InsufficientFundsError | KnownError>,
): Mutation<TransferArgs, null, InsufficientFundsError | KnownError> {
  return useCall(callTransfer, options)
}

export function useUpdateProfile(
  options?: MutationOptions<UpdateProfileArgs, UserProfile>,
): Mutation<UpdateProfileArgs, UserProfile> {
  return useCall(callUpdateProfile, options)
}

export function useUserOrders(params?: UserContextParams): Order[] {
  return useContextData(userContext, "user_orders", params)
}

export function useUserOrdersQuery<Selected = Order[]>(
  params?: ContextQueryParams<UserContextParams>,
  options?: ContextQueryOptions<Order[], Selected>,
): UseQueryResult<Selected, KnownError> {
  return useContextQuery(userContext, "user_orders", params, options)
}

export function useUserProfile(params?: UserContextParams): UserProfile {
  return useContextData(userContext, "user_profile", params)
}

export function useUserProfileQuery<Selected = UserProfile>(
  params?: ContextQueryParams<UserContextParams>,
  options?: ContextQueryOptions<UserProfile, Selected>,
): UseQueryResult<Selected, KnownError> {
  return useContextQuery(userContext, "user_profile", params, options)
}
