// What must compile, and what must not: `npm run types` is the test.
import { isMizanError, type KnownErrorCode, type Mutation, useTransfer, useUserProfileQuery } from "../api"

type Transfer = ReturnType<typeof useTransfer>

export function narrowsOnTheCode({ error }: Transfer): string {
  if (error?.code === "INSUFFICIENT_FUNDS") return error.details.needed
  if (error?.code === "VALIDATION_ERROR") return Object.keys(error.fieldErrors).join()
  // @ts-expect-error -- a misspelt code
  if (error?.code === "INSUFICIENT_FUNDS") return "never"
  // @ts-expect-error -- not every error has these details
  return error?.details.needed
}

export function canBeExhaustive(error: NonNullable<Transfer["error"]>): string {
  if (error.code !== "INSUFFICIENT_FUNDS" && error.code !== "UNAUTHORIZED") {
    return error.code satisfies Exclude<KnownErrorCode, "UNAUTHORIZED">
  }
  switch (error.code) {
    case "INSUFFICIENT_FUNDS":
      return error.details.balance
    case "UNAUTHORIZED":
      return "log in"
  }
}

export function narrowsReaders({ error }: ReturnType<typeof useUserProfileQuery>): string | undefined {
  // @ts-expect-error -- no code of Mizan's own, and the reader declares none
  return error?.code === "INSUFFICIENT_FUNDS" ? "poor" : error?.code
}

export function narrowsWhatWasCaught(error: unknown): number | undefined {
  // @ts-expect-error -- a misspelt code
  if (isMizanError(error, "UNAUTHORISED")) return 0
  if (isMizanError(error, "VALIDATION_ERROR")) return Object.keys(error.fieldErrors).length
  return isMizanError(error) && error.code === "SOMETHING_OLD" ? error.retryAfter : undefined
}

export function narrowsOnTheStatus(call: Mutation<{ id: number }, string>): string | number {
  if (call.status === "success") return call.data.length + call.variables.id
  if (call.isError) return call.error.message
  if (call.isPending) return call.variables.id
  // @ts-expect-error -- nothing was called yet
  return call.variables.id
}
