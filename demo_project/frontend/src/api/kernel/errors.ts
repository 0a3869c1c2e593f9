/* eslint-disable */
import { isRecord } from "./json"

/** The codes of Mizan itself; an application adds its own by `raises=`. */
export type KnownErrorCode =
  | "BAD_REQUEST"
  | "CONFLICT"
  | "CSRF_FAILED"
  | "FORBIDDEN"
  | "INTERNAL_ERROR"
  | "METHOD_NOT_ALLOWED"
  | "NETWORK_ERROR"
  | "NOT_ACCEPTABLE"
  | "NOT_FOUND"
  | "NOT_IMPLEMENTED"
  | "PAYLOAD_TOO_LARGE"
  | "PROTOCOL_ERROR"
  | "TIMEOUT"
  | "TOO_MANY_REQUESTS"
  | "UNAUTHORIZED"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "VALIDATION_ERROR"

/** The JSON body of every failure, whatever its status. */
export interface Failure {
  error: true
  code: string
  message: string
  details?: unknown
}

export interface ErrorInit<C extends string = string, D = unknown> {
  code: C
  message: string
  status: number
  details: D
  fn?: string | undefined
  cause?: unknown
}

/** Everything that can go wrong with a call or a context. Hooks give a union that narrows on `code`. */
export class MizanError<C extends string = string, D = unknown> extends Error {
  static readonly code: string | undefined = undefined
  readonly code!: C
  /** The HTTP status; 0 where the failure has none: no answer came, or one reader of several failed. */
  readonly status!: number
  readonly details!: D
  /** The server function or context that was asked. */
  readonly fn: string | undefined

  constructor(init: ErrorInit<C, D>) {
    super(init.message)
    Object.assign(this, init)
    // A minifier renames classes, and leaves codes alone.
    this.name = `MizanError [${init.code}]`
  }

  /** Seconds to wait before asking again, where the server said so (TOO_MANY_REQUESTS). */
  get retryAfter(): number | undefined {
    const seconds = isRecord(this.details) && this.details["retry_after"]
    return typeof seconds === "number" ? seconds : undefined
  }
}

export interface ValidationDetails {
  /** Path of a field ("email", "items.3.price"; "" for the input as a whole) to its messages. */
  fields: Record<string, string[]>
}

/** The input did not pass validation. */
export class ValidationError extends MizanError<"VALIDATION_ERROR", ValidationDetails | null> {
  /** Path of a field to its messages; "" holds those of the input as a whole. */
  get fieldErrors(): Record<string, string[]> {
    return this.details?.fields ?? {}
  }
}

/** No answer came: offline, DNS, CORS, connection lost. The server may have received the call all the same. */
export class NetworkError extends MizanError<"NETWORK_ERROR", null> {}

/** Mizan's own errors, which any call or context may give: a union that narrows on `code`. */
export type KnownError = { [C in KnownErrorCode]: KnownErrorOf<C> }[KnownErrorCode]

/** The error of one of Mizan's own codes. */
export type KnownErrorOf<C extends KnownErrorCode> = C extends "VALIDATION_ERROR"
  ? ValidationError
  : C extends "NETWORK_ERROR"
    ? NetworkError
    : MizanError<C>

/** A class the generator wrote for a code that a function declares by `raises=`. */
export type ErrorClass = (new (init: never) => MizanError) & { readonly code: string | undefined }

/**
 * Tells errors of ours from others, and narrows by Mizan's codes: `if (isMizanError(e, "TOO_MANY_REQUESTS")) …`. An
 * error of the application has a class, for `instanceof`.
 */
export function isMizanError(e: unknown): e is MizanError
export function isMizanError<C extends KnownErrorCode>(e: unknown, code: C): e is KnownErrorOf<C>
export function isMizanError(e: unknown, code?: KnownErrorCode): boolean {
  return e instanceof MizanError && (code === undefined || e.code === code)
}

/** True where asking again would give the same error: the server refused, and not because of its load. */
export function isFinal(e: unknown): e is MizanError {
  return isMizanError(e) && /^4(?!08|29)/.test(String(e.status))
}

export function isFailure(body: unknown): body is Failure {
  return isRecord(body) && body["error"] === true && typeof body["code"] === "string"
}

/** The error for a failure body, of the class that is declared for the body's code. */
export function toError(
  body: unknown,
  status: number,
  fn: string | undefined,
  declared: readonly ErrorClass[] = [],
): MizanError {
  const { code, message, details } = isFailure(body)
    ? body
    : { code: "PROTOCOL_ERROR", message: `Not a Mizan answer (status ${status})`, details: body }
  const known = code === "VALIDATION_ERROR" ? ValidationError : MizanError
  const Class: ErrorClass = declared.find((each) => each.code === code) ?? known
  // The class was chosen by the code, so `details` has the type that the server declares for that code.
  return new Class({ code, message, status, details, fn } as never)
}
