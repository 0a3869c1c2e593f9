import type { CallOptions } from "kernel/client"
import { type ContextDef, fetchContext, fetchFrom } from "kernel/context"
import type { CurrentUser, Order, SiteInfo, UserProfile } from "./types"

export interface GlobalContextParams {}

export interface GlobalContextData {
  current_user: CurrentUser | null
  site_info: SiteInfo
}

export interface UserContextParams {
  id: number
  page?: number
}

export interface UserContextData {
  user_orders: Order[]
  user_profile: UserProfile
}

export const globalContext: ContextDef<GlobalContextParams, GlobalContextData> = {
  name: "global",
  params: [],
  restricted: ["current_user"],
}

export const userContext: ContextDef<UserContextParams, UserContextData> = {
  name: "user",
  params: ["id", "page"],
  defaults: { page: 1 },
}

/** Every function of the `global` context in one request. */
export function fetchGlobalContext(
  params: GlobalContextParams = {},
  options?: CallOptions,
): Promise<GlobalContextData> {
  return fetchContext(globalContext, params, options)
}

/** Every function of the `user` context in one request. */
export function fetchUserContext(params: UserContextParams, options?: CallOptions): Promise<UserContextData> {
  return fetchContext(userContext, params, options)
}

/** Who is logged in; null for a visitor. */
export function fetchCurrentUser(params: GlobalContextParams = {}, options?: CallOptions): Promise<CurrentUser | null> {
  return fetchFrom(globalContext, "current_user", params, options)
}

export function fetchSiteInfo(params: GlobalContextParams = {}, options?: CallOptions): Promise<SiteInfo> {
  return fetchFrom(globalContext, "site_info", params, options)
}

export function fetchUserOrders(params: UserContextParams, options?: CallOptions): Promise<Order[]> {
  return fetchFrom(userContext, "user_orders", params, options)
}

export function fetchUserProfile(params: UserContextParams, options?: CallOptions): Promise<UserProfile> {
  return fetchFrom(userContext, "user_profile", params, options)
}
