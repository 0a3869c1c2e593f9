/* eslint-disable */
import { keyOf } from "./context"
import { isRecord, type Json } from "./json"
import type { QueryCacheLike } from "./queries"

/** A context as `ctx/<name>/` would answer it. */
export interface HydratedContext {
  name: string
  params: Json
  data: object
}

/** What Django writes in `<script type="application/json" id="mizan-data">`. */
export interface HydrationPayload {
  v: 1
  csrfToken?: string
  contexts: readonly HydratedContext[]
}

/** The payload in the page; undefined if there is none, or one of another version. */
export function readHydration(id = "mizan-data"): HydrationPayload | undefined {
  const text = typeof document === "undefined" ? undefined : document.getElementById(id)?.textContent
  const payload: unknown = text ? JSON.parse(text) : undefined
  // Version 1 of the payload has this shape.
  return isRecord(payload) && payload["v"] === 1 ? (payload as unknown as HydrationPayload) : undefined
}

/** Puts a payload in a cache, as if fetched at *updatedAt* (milliseconds). Contexts that are there already stay. */
export function hydrate(
  cache: QueryCacheLike,
  payload: HydrationPayload | undefined,
  updatedAt: number = Date.now(),
): void {
  for (const { name, params, data } of payload?.contexts ?? []) {
    const key = keyOf(name, Object.entries(params))
    if (cache.getQueryData(key) === undefined) cache.setQueryData(key, data, { updatedAt })
  }
}
