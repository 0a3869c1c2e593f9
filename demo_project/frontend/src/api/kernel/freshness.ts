/* eslint-disable */
import { type Bundle, splice } from "./bundle"
import type { MizanClient } from "./client"
import { effectOn, type Merge, type Readers, union } from "./invalidation"
import { isRecord } from "./json"
import { moment } from "./moment"
import { type CachedQuery, type QueryCacheLike, replaceData } from "./queries"
import { type Run, trackingOf } from "./tracking"

type Load = (readers: Readers, signal: AbortSignal) => Promise<Bundle>

/**
 * Fetches a context for a cache: everything, or, where `refetch` started it, the stale readers. A change on the way
 * makes it start over, so that no answer is kept that the server may have worked out before the change.
 */
export function renew(client: MizanClient, query: CachedQuery, load: Load): Promise<Bundle> {
  const tracking = trackingOf(query)
  // Until everything has come, everything is stale, so that a fetch of single readers cannot take its place.
  if (!tracking.isPartial || !tracking.stale?.length) tracking.stale = null
  const { run } = tracking
  if (run?.outcome && !run.isDone) {
    run.startOver()
    return run.outcome
  }
  const begun: Run = { readers: null, begunAt: 0, since: 0, isDone: false, startOver: () => {} }
  tracking.run = begun
  return (begun.outcome = persist(client, query, begun, load))
}

async function persist(client: MizanClient, query: CachedQuery, run: Run, load: Load): Promise<Bundle> {
  const tracking = trackingOf(query)
  for (;;) {
    const readers = (run.readers = tracking.stale)
    run.begunAt = moment()
    const controller = new AbortController()
    run.startOver = () => controller.abort()
    const unfollow = client.onInvalidate((event) => {
      if (effectOn(query.queryKey, event)) run.startOver()
    })
    try {
      const answer = await load(readers, controller.signal)
      if (controller.signal.aborted) continue
      const before = serverData(query)
      run.since = query.state.dataUpdatedAt
      run.isDone = !readers || isRecord(before)
      if (run.isDone) return readers && isRecord(before) ? splice(before, answer, readers) : answer
      // There is nothing left to put single readers into.
      tracking.stale = null
    } catch (error) {
      if (controller.signal.aborted) continue
      delete tracking.run
      throw error
    } finally {
      unfollow()
    }
  }
}

/** Notes that readers of a cached context changed, and fetches them if somebody is reading it. */
export function refetch(cache: QueryCacheLike, query: CachedQuery, readers: Readers): void {
  const tracking = trackingOf(query)
  tracking.stale = union(tracking.stale, readers)
  tracking.staleAt = tracking.changedAt = moment()
  query.invalidate()
  const isFetching = query.state.fetchStatus !== "idle"
  // A fetch under way has heard of it too and starts over; if it is too late for that, `settle` begins another.
  if (isFetching && tracking.run) return
  if (isFetching || query.isActive()) {
    tracking.isPartial = true
    // Its outcome is in the query's state.
    query.fetch(undefined, { cancelRefetch: true }).catch(() => {})
    tracking.isPartial = false
  } else if (query.getObserversCount() === 0) {
    // The next reader must not be shown, not even for a moment, what may belong to another user by now.
    cache.getQueryCache().remove(query)
  }
}

/** Settles a fetch whose answer is in the cache now. */
export function settle(cache: QueryCacheLike, query: CachedQuery): void {
  const tracking = trackingOf(query)
  const { run, staleAt } = tracking
  // Also comes here: the answer of a fetch that was overtaken at the very last moment.
  if (!run?.isDone) return
  delete tracking.run
  tracking.changedAt = moment()
  // The other readers are no younger than they were.
  if (run.readers) query.setState({ dataUpdatedAt: run.since })
  tracking.overlay?.rebase(query.state.data, run.readers)
  if (staleAt < run.begunAt) tracking.stale = []
  else refetch(cache, query, [])
}

/** Puts values in a cached context that came with an answer. Returns the readers whose values cannot be trusted. */
export function accept(query: CachedQuery, values: readonly Merge[], sent: number): Readers {
  const tracking = trackingOf(query)
  // Since the call was sent the context has changed otherwise, or will soon, and only the server knows what came last.
  if (tracking.changedAt > sent || tracking.run?.isDone) return values.map((value) => value.function)
  for (const { function: reader, value } of values) {
    const before = serverData(query)
    if (!isRecord(before)) continue
    const data = splice(before, { [reader]: value }, [reader])
    if (tracking.overlay) tracking.overlay.rebase(data, [reader])
    else replaceData(query, data)
    tracking.changedAt = moment()
  }
  return []
}

/** A query's data as the server sent it. */
function serverData(query: CachedQuery): unknown {
  return trackingOf(query).overlay?.base ?? query.state.data
}
