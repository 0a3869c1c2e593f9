import { type ContextDef, contextKey } from "./context"
import { contextStateOf } from "./contextState"
import { type EndChange, Overlay } from "./overlay"
import { findQuery, type QueryCacheLike } from "./queries"

/** An optimistic change to one reader's data. */
export interface Patch {
  /** Shows the change. Returns a function that undoes the change, or keeps it until the server's own data has come. */
  apply(cache: QueryCacheLike): EndChange
}

/** Shows a change to one reader's data before the server has made it. *update* returns a new value. */
export function patch<P extends object, D extends object, K extends keyof D & string>(
  def: ContextDef<P, D>,
  fn: K,
  params: P,
  update: (old: D[K]) => D[K],
): Patch {
  return {
    apply: (cache) => {
      const query = findQuery(cache, contextKey(def, params))
      if (query === undefined) return () => {}
      const overlay = contextStateOf(query).overlay(() => new Overlay(query))
      // The generated D says what the server sends for `fn`.
      return overlay.add(fn, update as (old: unknown) => unknown)
    },
  }
}
