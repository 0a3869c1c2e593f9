/** How the server came by what a context answered: kept, computed, or not to be kept. */
export type CacheUse = "HIT" | "MISS" | "BYPASS"

/** One request and what came of it. */
export interface Exchange {
  readonly id: number
  readonly method: string
  /** The context, or the function that was called. */
  readonly name: string
  /** Which instance of the context, and which of its functions where not all of them. */
  readonly details: string
  /** Null where no answer came. */
  readonly status: number | null
  /** Until the answer began. */
  readonly milliseconds: number
  /** Null where nothing is said of the cache: calls never use it. */
  readonly cache: CacheUse | null
}

export interface RequestHistory {
  /** The newest first; no more than `KEPT`. */
  readonly latest: readonly Exchange[]
  readonly total: number
  readonly hits: number
  readonly misses: number
}

export const KEPT = 10

/** A `fetch` that notes what was asked and how it went. */
export class RequestLog {
  readonly #listeners = new Set<() => void>()
  #history: RequestHistory = { latest: [], total: 0, hits: 0, misses: 0 }

  /** Stable between requests, so React may compare by identity. */
  readonly getSnapshot = (): RequestHistory => this.#history

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#listeners.add(onChange)
    return () => void this.#listeners.delete(onChange)
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new URL(input instanceof Request ? input.url : input, window.location.href)
    const begun = performance.now()
    let response: Response | null = null
    try {
      return (response = await globalThis.fetch(input, init))
    } finally {
      this.#note({
        method: init?.method ?? "GET",
        name: nameIn(request, init?.body),
        details: detailsIn(request.searchParams),
        status: response && response.status,
        milliseconds: performance.now() - begun,
        cache: cacheUseIn(response),
      })
    }
  }

  #note(exchange: Omit<Exchange, "id">): void {
    const { latest, total, hits, misses } = this.#history
    this.#history = {
      latest: [{ id: total, ...exchange }, ...latest].slice(0, KEPT),
      total: total + 1,
      hits: hits + Number(exchange.cache === "HIT"),
      misses: misses + Number(exchange.cache === "MISS"),
    }
    for (const notify of this.#listeners) notify()
  }
}

/** The last part of the path: "board" of `ctx/board/`. A call with files has its name in the body. */
function nameIn({ pathname }: URL, body: BodyInit | null | undefined): string {
  if (body instanceof FormData) return /"fn":"(\w+)"/.exec(String(body.get("payload")))?.[1] ?? "call"
  return pathname.split("/").filter(Boolean).at(-1) ?? "/"
}

function detailsIn(parameters: URLSearchParams): string {
  const say = ([name, value]: [string, string]): string =>
    name === "~only" ? `only ${value.replaceAll(",", ", ")}` : `${name} ${value}`
  return [...parameters].map(say).join(", ")
}

function cacheUseIn(response: Response | null): CacheUse | null {
  const said = response?.headers.get("X-Mizan-Cache")
  return said === "HIT" || said === "MISS" || said === "BYPASS" ? said : null
}
