import type { MizanClient } from "./client"
import { isFinal } from "./errors"
import { accept, refetch, settle } from "./freshness"
import { type Changes, type InvalidationEvent, mergedValues, staleSlots, touches, union } from "./invalidation"
import { dropLayers } from "./overlay"
import type { CachedQuery, QueryCacheLike, QueryEvent } from "./queries"

/**
 * Makes a cache follow a client's invalidations; returns the undo. *since* is the client's revision when the data in
 * the cache was fetched: what was missed is made up for.
 */
export function bindCache(client: MizanClient, cache: QueryCacheLike, since: number = client.revision): () => void {
  return client.share(cache, () => {
    if (client.revision !== since) for (const query of contextsIn(cache)) refetch(cache, query, "all")
    const unfollow = client.onInvalidate((event) => applyChanges(cache, event))
    const unsubscribe = cache.getQueryCache().subscribe((event) => followQuery(cache, event))
    return () => {
      unfollow()
      unsubscribe()
    }
  })
}

/** Waits until the contexts that *changes* made stale have been fetched, or have failed to be. */
export async function refetched(cache: QueryCacheLike, changes: Changes): Promise<void> {
  const pending = (): Promise<unknown>[] =>
    contextsIn(cache).flatMap(({ promise, queryKey, state }) =>
      promise !== undefined && state.fetchStatus === "fetching" && touches(changes, queryKey) ? [promise] : [],
    )
  // A fetch that starts over is another promise.
  for (let promises = pending(); promises.length > 0; promises = pending()) await Promise.allSettled(promises)
}

function contextsIn(cache: QueryCacheLike): readonly CachedQuery[] {
  return cache
    .getQueryCache()
    .getAll()
    .filter(({ queryKey }) => queryKey[0] === "mizan")
}

function applyChanges(cache: QueryCacheLike, event: InvalidationEvent): void {
  for (const query of contextsIn(cache)) {
    const values = mergedValues(event, query.queryKey)
    const slots = union(staleSlots(event, query.queryKey), accept(query, values, event.sent))
    // A fetch under way would bring back what was there before the values.
    const isOvertaken = values.length > 0 && query.state.fetchStatus !== "idle"
    if (slots.length > 0 || isOvertaken) refetch(cache, query, slots)
  }
}

function followQuery(cache: QueryCacheLike, { type, query, action }: QueryEvent): void {
  if (type !== "updated" || query.queryKey[0] !== "mizan") return
  if (action?.type === "success" && !action.manual) settle(cache, query)
  if (action?.type === "error" && isFinal(action.error) && query.state.data !== undefined) {
    // The server refuses what it once gave, after a logout perhaps: it must not stay readable.
    dropLayers(query)
    query.setState({ data: undefined, dataUpdatedAt: 0 })
  }
}
