/* eslint-disable */
import type { Credential } from "./credential"
import { type ErrorClass, isFailure, MizanError, NetworkError, toError } from "./errors"
import { isRecord, type Json } from "./json"

/**
 * Runs *work* until it ends, the caller aborts, or *timeout* milliseconds are over (0 or less: no limit). The promise
 * rejects at once then, even if *work* takes no notice of its signal.
 */
export async function withDeadline<T>(
  fn: string | undefined,
  timeout: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  caller?.throwIfAborted()
  const controller = new AbortController()
  const follow = (): void => controller.abort(caller?.reason)
  const expire = (): void =>
    controller.abort(
      new MizanError({ code: "TIMEOUT", message: `No answer in ${timeout} ms`, status: 0, details: null, fn }),
    )
  // A timer that is given more milliseconds than it can hold would end at once.
  const timer = timeout > 0 && timeout < 2 ** 31 && setTimeout(expire, timeout)
  caller?.addEventListener("abort", follow)
  try {
    return await new Promise<T>((resolve, reject) => {
      controller.signal.onabort = () => reject(controller.signal.reason)
      work(controller.signal).then(resolve, reject)
    })
  } finally {
    if (timer) clearTimeout(timer)
    caller?.removeEventListener("abort", follow)
  }
}

/** One request and its answer: a JSON object, or a MizanError. */
export async function exchange(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
  fn: string | undefined,
  errors?: readonly ErrorClass[],
  csrf?: Credential,
): Promise<Json> {
  let response: Response
  let text: string
  try {
    response = await fetch(url, init)
    text = await response.text()
  } catch (cause) {
    init.signal?.throwIfAborted()
    throw new NetworkError({
      code: "NETWORK_ERROR",
      message: "No answer",
      status: 0,
      details: null,
      fn,
      cause,
    })
  }
  csrf?.hold(response.headers.get("X-CSRFToken"))
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {
    // The answer may be a proxy's page, whose text says more than the parser's error.
  }
  if (!response.ok || !isRecord(body) || isFailure(body)) throw toError(body, response.status, fn, errors)
  return body
}
