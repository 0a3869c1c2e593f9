import { type ErrorClass, isFailure, MizanError, NetworkError, toError } from "./errors"
import { isRecord } from "./json"

/** How one request is named in errors, and which errors its function declares. */
export interface Asked {
  fn: string | undefined
  errors?: readonly ErrorClass[] | undefined
}

/**
 * Runs *work* until it ends, the caller aborts, or *timeout* milliseconds are over (0 or less: never).
 * Rejects at the abort itself, whatever *work* is waiting for.
 */
export async function withDeadline<T>(
  fn: string | undefined,
  timeout: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const follow = (): void => controller.abort(caller?.reason)
  const expire = (): void =>
    controller.abort(
      new MizanError({ code: "TIMEOUT", message: `No answer within ${timeout} ms`, status: 0, details: null, fn }),
    )
  // A longer wait than a timer can hold would end at once.
  const timer = timeout > 0 && timeout < 2 ** 31 ? setTimeout(expire, timeout) : undefined
  try {
    return await new Promise<T>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason))
      if (caller?.aborted) follow()
      else caller?.addEventListener("abort", follow)
      if (!signal.aborted) work(signal).then(resolve, reject)
    })
  } finally {
    clearTimeout(timer)
    caller?.removeEventListener("abort", follow)
  }
}

/** One request and its answer: a JSON object, or a MizanError. */
export async function exchange(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
  { fn, errors }: Asked,
): Promise<Record<string, unknown>> {
  let response: Response
  let text: string
  try {
    response = await fetch(url, init)
    text = await response.text()
  } catch (cause) {
    if (init.signal?.aborted) throw init.signal.reason
    throw new NetworkError({
      code: "NETWORK_ERROR",
      message: "The server cannot be reached",
      status: 0,
      details: null,
      fn,
      cause,
    })
  }
  const body = parse(text)
  if (!response.ok || !isRecord(body) || isFailure(body)) throw toError(body, response.status, fn, errors)
  return body
}

/** The JSON of an answer; the beginning of its text where it is something else, such as a proxy's page. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text.slice(0, 500)
  }
}
