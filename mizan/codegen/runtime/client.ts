import { Announcer, type Listener } from "./announcer"
import { Credential } from "./credential"
import { type ErrorClass, isMizanError, MizanError } from "./errors"
import type { Changes, InvalidationEvent, InvalidationSource } from "./invalidation"
import { moment } from "./moment"
import { queryText, splitFiles } from "./payload"
import { type Asked, exchange, withDeadline } from "./transport"

export interface CallOptions {
  signal?: AbortSignal | undefined
  /** Milliseconds, 0 for no limit. Default: the client's `timeout`; none for a call that uploads files. */
  timeout?: number | undefined
  /** Default: the client of `configureMizan()` or `<MizanContext>`. */
  client?: MizanClient | undefined
  /** Told what the call changed, just before the cached contexts are. */
  onAnswer?: ((changes: Changes) => void) | undefined
}

export interface ContextOptions extends Pick<CallOptions, "signal" | "timeout"> {
  /** Fetch only these functions of the context. */
  only?: readonly string[] | undefined
}

export interface MizanClientOptions {
  /** Where `mizan.urls` is included; default "/api/mizan". */
  baseUrl?: string
  fetch?: typeof globalThis.fetch
  /** Default "same-origin"; "include" for a cookie session on another origin. */
  credentials?: RequestCredentials
  /** Gives a Mizan Web Token instead of a cookie session; asked with `refresh: true` after the server refused one. */
  getToken?: (request: { refresh: boolean }) => string | null | Promise<string | null>
  /** Headers to add to every request. */
  headers?: () => Record<string, string>
  /** Milliseconds, 0 for no limit; default 30 000. */
  timeout?: number
  /** A CSRF token known beforehand, which saves a request. */
  csrfToken?: string
}

interface Envelope<R> extends Changes {
  result: R
  event?: string
}

/** Speaks to one Mizan server and tells its listeners what became stale. */
export class MizanClient {
  readonly baseUrl: string
  #options: MizanClientOptions
  readonly #csrf: Credential<string>
  readonly #token: Credential<string | null>
  readonly #announcer = new Announcer()
  readonly #shared = new Map<object, { users: number; close: () => void }>()

  constructor(options: MizanClientOptions = {}) {
    this.#options = options
    this.baseUrl = trimmed(options.baseUrl)
    this.#csrf = new Credential(() => this.#session(), true, options.csrfToken)
    this.#token = new Credential((refresh) => this.#askToken(refresh), false, undefined)
  }

  /** Counts the changes this client has heard of. */
  get revision(): number {
    return this.#announcer.revision
  }

  /** Changes options other than `baseUrl` and `csrfToken`. */
  configure(options: MizanClientOptions): void {
    this.#options = { ...this.#options, ...options }
  }

  /** POST call/<fn>/, or call/ with files; then tells the listeners what it changed. */
  async call<R>(fn: string, args: unknown, options: CallOptions = {}, errors?: readonly ErrorClass[]): Promise<R> {
    const sent = moment()
    const payload = splitFiles(args ?? {})
    const hasFiles = payload.files.size > 0
    const path = hasFiles ? "call/" : `call/${encodeURIComponent(fn)}/`
    let body: BodyInit = JSON.stringify(hasFiles ? { fn, args: payload.args } : payload.args)
    if (hasFiles) {
      const form = new FormData()
      form.set("payload", body)
      for (const [place, file] of payload.files) form.set(place, file)
      body = form
    }
    const timeout = options.timeout ?? (hasFiles ? 0 : undefined)
    const answer = await this.#send(path, { method: "POST", body }, { fn, errors }, { ...options, timeout })
    if (!Object.hasOwn(answer, "result")) {
      throw new MizanError({
        code: "PROTOCOL_ERROR",
        message: "The answer has no result",
        status: 200,
        details: answer,
        fn,
      })
    }
    // The envelope is the protocol's; what `result` is, the generated signature says.
    const { result, event, invalidate, merge } = answer as unknown as Envelope<R>
    const changes = { invalidate, merge }
    options.onAnswer?.(changes)
    this.#announcer.announce(changes, "answer", event, sent)
    return result
  }

  /** GET ctx/<name>/: the answers of its functions by name, failures of single ones under `$errors`. */
  context(name: string, params: object, options: ContextOptions = {}): Promise<Record<string, unknown>> {
    const path = `ctx/${encodeURIComponent(name)}/${queryText(params, options.only)}`
    return this.#send(path, { method: "GET" }, { fn: name }, options)
  }

  /** Tells every cache that follows this client; an event it has heard of before is dropped. */
  invalidate(invalidate: InvalidationEvent["invalidate"], source: InvalidationSource, event?: string): void {
    this.#announcer.announce({ invalidate }, source, event, moment())
  }

  /** Returns the undo. */
  onInvalidate(listener: Listener): () => void {
    return this.#announcer.follow(listener)
  }

  /** Opens what several users need once, and closes it after the last one has left. Returns the leave. */
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

  #send(path: string, init: RequestInit, asked: Asked, options: ContextOptions): Promise<Record<string, unknown>> {
    const timeout = options.timeout ?? this.#timeout
    return withDeadline(asked.fn, timeout, options.signal, (signal) =>
      this.#authorised(path, { ...init, signal }, asked),
    )
  }

  /** Sends with a credential and, where that one was refused, once more with a new one. */
  async #authorised(path: string, init: RequestInit, asked: Asked): Promise<Record<string, unknown>> {
    const usesToken = this.#options.getToken !== undefined
    const credential: Credential<string | null> = usesToken ? this.#token : this.#csrf
    if (!usesToken && init.method === "GET") return this.#exchange(path, init, {}, asked)
    const header = usesToken ? "X-Mizan-Token" : "X-CSRFToken"
    const attempt = (token: string | null): Promise<Record<string, unknown>> =>
      this.#exchange(path, init, token === null ? {} : { [header]: token }, asked)
    const token = await credential.get()
    try {
      return await attempt(token)
    } catch (error) {
      if (!isMizanError(error, usesToken ? "UNAUTHORIZED" : "CSRF_FAILED")) throw error
      const renewed = await credential.get(token)
      if (renewed === null) throw error
      return attempt(renewed)
    }
  }

  #exchange(
    path: string,
    init: RequestInit,
    extra: Record<string, string>,
    asked: Asked,
  ): Promise<Record<string, unknown>> {
    const { credentials = "same-origin", fetch = globalThis.fetch, getToken, headers } = this.#options
    const json = typeof init.body === "string" ? { "Content-Type": "application/json" } : {}
    return exchange(
      fetch,
      `${this.baseUrl}/${path}`,
      {
        ...init,
        // A request with a token must not be mistaken for one of the cookie's user.
        credentials: getToken === undefined ? credentials : "omit",
        headers: { Accept: "application/json", ...json, ...headers?.(), ...extra },
      },
      asked,
    )
  }

  /** Not tied to one caller's signal: the others wait for it too. */
  #session(): Promise<string> {
    return withDeadline(undefined, this.#timeout, undefined, async (signal) => {
      const { csrfToken } = await this.#exchange("session/", { method: "GET", signal }, {}, { fn: undefined })
      return String(csrfToken)
    })
  }

  #askToken(refresh: boolean): Promise<string | null> {
    return withDeadline(undefined, this.#timeout, undefined, async () => {
      try {
        return (await this.#options.getToken?.({ refresh })) ?? null
      } catch (cause) {
        throw new MizanError({ code: "UNAUTHORIZED", message: "getToken() failed", status: 0, details: null, cause })
      }
    })
  }

  get #timeout(): number {
    return this.#options.timeout ?? 30_000
  }
}

let current: MizanClient | undefined

/** Sets the client that `callXxx` and `fetchXxx` use when none is passed. */
export function configureMizan(options: MizanClientOptions | MizanClient): MizanClient {
  current = options instanceof MizanClient ? options : new MizanClient(options)
  return current
}

/** The client in use if it speaks to that server already: a page has one, however often React starts a provider. */
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
