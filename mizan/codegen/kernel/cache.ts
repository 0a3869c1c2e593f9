import type { MizanClient } from "./client"
import { contextStateOf } from "./contextState"
import { isFinal } from "./errors"
import { type Changes, effectOn, type InvalidationEvent, union } from "./invalidation"
import type { CachedQuery, QueryCacheLike, QueryEvent } from "./queries"

/**
 * Makes a cache follow a client's invalidations; returns the undo. *since* is the client's revision when the data in
 * the cache was fetched. If the client has heard of changes since, every context in the cache is stale.
 */
export function bindCache(client: MizanClient, cache: QueryCacheLike, since: number = client.revision): () => void {
  return client.share(cache, () => {
    if (client.revision !== since) for (const query of contextsIn(cache)) contextStateOf(query).refetch(cache, null)
    const unfollow = client.onInvalidate((event) => applyEvent(cache, event))
    const unsubscribe = cache.getQueryCache().subscribe((event) => followQuery(cache, event))
    return () => {
      unfollow()
      unsubscribe()
    }
  })
}

/** Waits until every fetch of a context that *changes* made stale has ended, well or not. */
export async function refetched(cache: QueryCacheLike, changes: Changes): Promise<void> {
  const isPending = ({ promise, queryKey, state }: CachedQuery): boolean =>
    promise !== undefined && state.fetchStatus === "fetching" && effectOn(queryKey, changes) !== undefined
  // The search begins again after each wait, because a fetch that starts anew has a new promise.
  for (let next = contextsIn(cache).find(isPending); next; next = contextsIn(cache).find(isPending)) {
    await next.promise?.catch(() => {})
  }
}

function contextsIn(cache: QueryCacheLike): readonly CachedQuery[] {
  return cache.getQueryCache().getAll().filter(isContext)
}

function isContext({ queryKey }: CachedQuery): boolean {
  return queryKey[0] === "mizan"
}

function applyEvent(cache: QueryCacheLike, event: InvalidationEvent): void {
  for (const query of contextsIn(cache)) {
    const effect = effectOn(query.queryKey, event)
    if (!effect) continue
    const state = contextStateOf(query)
    const readers = union(effect.stale, state.accept(effect.values, event.sent))
    // A fetch under way has begun before the values came, and would put older data in their place.
    if (readers?.length !== 0 || query.state.fetchStatus !== "idle") state.refetch(cache, readers)
  }
}

function followQuery(cache: QueryCacheLike, { type, query, action }: QueryEvent): void {
  if (!isContext(query)) return
  // Components that leave and come back at once, as each does in React's StrictMode, do so before the timer.
  if (type === "observerRemoved") setTimeout(() => contextStateOf(query).endIfUnseen(cache))
  if (type !== "updated") return
  if (action?.type === "success" && !action.manual) contextStateOf(query).settle(cache)
  // The server refuses data that it once gave, after a logout perhaps: the data must not stay readable.
  if (action?.type === "error" && isFinal(action.error)) contextStateOf(query).forget()
}
