/* eslint-disable */
import { Credential, type TokenGrant } from "./credential"
import { type ErrorClass, isMizanError, toError } from "./errors"
import { type Changes, EVERYTHING, type InvalidationEvent, type InvalidationSource } from "./invalidation"
import type { Json } from "./json"
import { moment } from "./moment"
import { formOf, queryOf, splitFiles } from "./payload"
import { exchange, withDeadline } from "./transport"

export interface CallOptions {
  signal?: AbortSignal | undefined
  /** Milliseconds, 0 for no limit. Default: the client's `timeout`; none for a call that uploads files. */
  timeout?: number | undefined
  /** Default: the client of `configureMizan()` or `<MizanContext>`. */
  client?: MizanClient | undefined
  /** Is given the changes that the call made, just before the cached contexts are. */
  onAnswer?: ((changes: Changes) => void) | undefined
}

export interface ContextOptions extends Pick<CallOptions, "signal" | "timeout"> {
  /** Fetch only these readers of the context; null for all. */
  only?: readonly string[] | null
}

export interface MizanClientOptions {
  /** Where `mizan.urls` is included; default "/api/mizan". */
  baseUrl?: string
  fetch?: typeof globalThis.fetch
  /** Default "same-origin"; "include" for a cookie session on another origin. */
  credentials?: RequestCredentials
  /**
   * Gives a Mizan Web Token, to be used instead of a cookie session. `refresh` is true after the server has refused a
   * token. A plain text is asked for before each request. `{ token, expires_in }` is kept, and renewed in time.
   */
  getToken?: (request: { refresh: boolean }) => MizanToken | Promise<MizanToken>
  /** Headers to add to every request. */
  headers?: () => Record<string, string>
  /** Milliseconds, 0 for no limit; default 30 000. */
  timeout?: number
  /** A CSRF token known beforehand, which saves a request. */
  csrfToken?: string
}

export type MizanToken = string | TokenGrant | null

type Listener = (event: InvalidationEvent) => void

/** How many event ids are remembered: many more than the events that can be on their way at once. */
const EVENTS_KEPT = 1000

/** Speaks to one Mizan server and tells its listeners what became stale. */
export class MizanClient {
  readonly baseUrl: string
  #options: MizanClientOptions
  #revision = 0
  readonly #credential: Credential
  readonly #events = new Set<string>()
  readonly #listeners = new Set<Listener>()
  readonly #shared = new Map<object, { users: number; close: () => void }>()

  constructor(options: MizanClientOptions = {}) {
    this.#options = options
    this.baseUrl = trimmed(options.baseUrl)
    this.#credential = new Credential((refresh) => this.#askToken(refresh), options.csrfToken)
  }

  /** Counts the changes this client has heard of. */
  get revision(): number {
    return this.#revision
  }

  /** Changes options other than `baseUrl` and `csrfToken`. */
  configure(options: MizanClientOptions): void {
    this.#options = { ...this.#options, ...options }
  }

  /** Makes the next call ask `getToken` for a token. To be called when somebody else has logged in. */
  forgetToken(): void {
    this.#credential.forget()
  }

  /** POST call/<fn>/, or call/ with files. Then tells the listeners what the call changed. */
  async call<R>(fn: string, args: unknown, options: CallOptions = {}, errors?: readonly ErrorClass[]): Promise<R> {
    const sent = moment()
    const files = new Map<string, Blob>()
    const json = splitFiles(args ?? {}, "", files)
    const sending =
      files.size > 0
        ? this.#send("call/", fn, { ...options, timeout: options.timeout ?? 0 }, formOf(fn, json, files), errors)
        : this.#send(`call/${encodeURIComponent(fn)}/`, fn, options, JSON.stringify(json), errors)
    const answer = await sending.catch((error: unknown) => {
      // The server may have done it all the same, and only the server knows what that changed.
      const isUnknown = isMizanError(error, "TIMEOUT") || isMizanError(error, "NETWORK_ERROR")
      if (isUnknown) this.#announce({ invalidate: [EVERYTHING] }, "answer", undefined, sent)
      throw error
    })
    if (!Object.hasOwn(answer, "result")) throw toError(answer, 200, fn)
    // The protocol says what the envelope looks like, and the generated signature what `result` is.
    const { result, event, ...changes } = answer as unknown as { result: R; event?: string } & Changes
    options.onAnswer?.(changes)
    this.#announce(changes, "answer", event, sent)
    return result
  }

  /** GET ctx/<name>/: the answers of its readers by name, failures of single readers under `$errors`. */
  context(
    name: string,
    params: object,
    options: ContextOptions = {},
    errors?: readonly ErrorClass[],
  ): Promise<Json> {
    const path = `ctx/${encodeURIComponent(name)}/${queryOf(params, options.only)}`
    return this.#send(path, name, options, undefined, errors)
  }

  /** Tells every cache that follows this client. An event that the client has heard of before is dropped. */
  invalidate(invalidate: InvalidationEvent["invalidate"], source: InvalidationSource, event?: string): void {
    this.#announce({ invalidate }, source, event, moment())
  }

  /** Calls *listener* for each event; returns the undo. */
  onInvalidate(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Opens a shared resource for its first user, and closes it after the last one has left. Returns the leave. */
  share(owner: object, open: () => () => void): () => void {
    const use = this.#shared.get(owner) ?? { users: 0, close: open() }
    this.#shared.set(owner, use)
    use.users++
    return () => {
      if (--use.users > 0) return
      this.#shared.delete(owner)
      use.close()
    }
  }

  #announce(changes: Changes, source: InvalidationSource, event: string | undefined, sent: number): void {
    const { invalidate = [], merge = [] } = changes
    if (invalidate.length + merge.length === 0 || (event && this.#events.has(event))) return
    if (this.#events.size > EVENTS_KEPT) this.#events.clear()
    if (event) this.#events.add(event)
    this.#revision++
    for (const listener of [...this.#listeners]) listener({ invalidate, merge, event, source, sent })
  }

  /** Sends a request, a POST if it has a body. If the server refuses the credential, sends it again with a new one. */
  #send(
    path: string,
    fn: string,
    { signal: caller, timeout = this.#options.timeout ?? 30_000 }: ContextOptions,
    body?: BodyInit,
    errors?: readonly ErrorClass[],
  ): Promise<Json> {
    return withDeadline(fn, timeout, caller, async (signal) => {
      const usesCookie = this.#options.getToken === undefined
      const attempt = (token: string | null): Promise<Json> => this.#exchange(path, fn, signal, token, body, errors)
      if (usesCookie && body === undefined) return attempt(null)
      const token = await this.#credential.get(usesCookie)
      try {
        return await attempt(token)
      } catch (error) {
        if (!isMizanError(error, usesCookie ? "CSRF_FAILED" : "UNAUTHORIZED")) throw error
        return attempt(await this.#credential.get(usesCookie, token))
      }
    })
  }

  #exchange(
    path: string,
    fn: string | undefined,
    signal: AbortSignal,
    token: string | null,
    body: BodyInit | null = null,
    errors?: readonly ErrorClass[],
  ): Promise<Json> {
    const { credentials = "same-origin", fetch = globalThis.fetch, getToken, headers } = this.#options
    // Of a POST without any token the server would demand a CSRF token, which only a session with a cookie has.
    const proof = token ?? (getToken && body ? "anonymous" : null)
    const init: RequestInit = {
      method: body === null ? "GET" : "POST",
      body,
      // A redirect to another origin would take the token along.
      redirect: proof === null ? "follow" : "error",
      // The server must not take a request with a token for one of the cookie's user.
      credentials: getToken ? "omit" : credentials,
      headers: {
        Accept: "application/json",
        ...(typeof body === "string" ? { "Content-Type": "application/json" } : {}),
        ...headers?.(),
        ...(proof === null ? {} : { [getToken ? "X-Mizan-Token" : "X-CSRFToken"]: proof }),
      },
      signal,
    }
    // Logging in makes the CSRF token useless; the answer brings a new one.
    const csrf = getToken ? undefined : this.#credential
    return exchange(fetch, `${this.baseUrl}/${path}`, init, fn, errors, csrf)
  }

  /** Asks for a token. No caller's signal ends the request, because other callers wait for the token too. */
  async #askToken(refresh: boolean): Promise<MizanToken> {
    const { getToken } = this.#options
    if (getToken) return getToken({ refresh })
    const session = await withDeadline(undefined, 30_000, undefined, (signal) =>
      this.#exchange("session/", undefined, signal, null),
    )
    return String(session["csrfToken"])
  }
}

let current: MizanClient | undefined

/** Sets the client that `callXxx` and `fetchXxx` use when none is passed. */
export function configureMizan(options: MizanClientOptions | MizanClient): MizanClient {
  return (current = options instanceof MizanClient ? options : new MizanClient(options))
}

/** The client in use, if it speaks to that server; else a new one. React may start a page's provider more than once. */
export function adoptClient(options: MizanClientOptions): MizanClient {
  if (current?.baseUrl !== trimmed(options.baseUrl)) return configureMizan(options)
  current.configure(options)
  return current
}

/** What every generated `callXxx` does. */
export function call<R>(fn: string, args: unknown, options?: CallOptions, errors?: readonly ErrorClass[]): Promise<R> {
  return clientFor(options).call<R>(fn, args, options, errors)
}

/** The client to use for a call with these options. */
export function clientFor(options: CallOptions | undefined): MizanClient {
  return options?.client ?? (current ??= new MizanClient())
}

function trimmed(baseUrl = "/api/mizan"): string {
  return baseUrl.replace(/\/+$/, "")
}
