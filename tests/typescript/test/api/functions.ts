import { call, type CallOptions } from "kernel/client"
import { InsufficientFundsError } from "./errors"
import type {
  AddOrderArgs,
  CurrentUser,
  EchoArgs,
  EchoOutput,
  LoginArgs,
  RenameArgs,
  TransferArgs,
  UpdateProfileArgs,
  UploadArgs,
  UploadOutput,
  UserProfile,
} from "./types"

/** `add_order` in shop.clients · affects user_orders(id) */
export function callAddOrder(args: AddOrderArgs, options?: CallOptions): Promise<null> {
  return call("add_order", args, options)
}

/** Says the text back. */
export function callEcho(args: EchoArgs, options?: CallOptions): Promise<EchoOutput> {
  return call("echo", args, options)
}

/** `login` in accounts.clients · affects global, user */
export function callLogin(args: LoginArgs, options?: CallOptions): Promise<CurrentUser> {
  return call("login", args, options)
}

/** `logout` in accounts.clients · affects global, user */
export function callLogout(args?: void, options?: CallOptions): Promise<null> {
  return call("logout", args, options)
}

/** `rename` in accounts.clients · its result is the new user_profile(id) */
export function callRename(args: RenameArgs, options?: CallOptions): Promise<UserProfile> {
  return call("rename", args, options)
}

/**
 * Moves money.
 *
 * @throws {@link InsufficientFundsError} when the balance is too low
 */
export function callTransfer(args: TransferArgs, options?: CallOptions): Promise<null> {
  return call("transfer", args, options, [InsufficientFundsError])
}

/** `update_profile` in accounts.clients · affects user(id) */
export function callUpdateProfile(args: UpdateProfileArgs, options?: CallOptions): Promise<UserProfile> {
  return call("update_profile", args, options)
}

/** `docs.upload` in demo.clients */
export function callDocsUpload(args: UploadArgs, options?: CallOptions): Promise<UploadOutput> {
  return call("docs.upload", args, options)
}
