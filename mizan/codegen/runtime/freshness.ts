import { type Bundle, splice } from "./bundle"
import type { MizanClient } from "./client"
import { type Merge, type Slots, touches, union } from "./invalidation"
import { isRecord } from "./json"
import { moment } from "./moment"
import { mergeSlot, rebase, serverData } from "./overlay"
import { type CachedQuery, findQuery, type QueryCacheLike } from "./queries"

/** What is known of a cached context beyond its query. */
interface Freshness {
  /** Slots that changed on the server, or were asked for, and that no fetch begun since has brought. */
  stale: Slots
  /** The moment when a slot was last found to be stale. */
  staleAt: number
  /** The same, or a later moment when data came. */
  changedAt: number
  /** The latest fetch, until its answer is in the cache. */
  run: Run | undefined
  /** Set while `refetch` starts a fetch, which may leave out the slots that are not stale. */
  isPartial: boolean
}

/** One fetch of a context for a cache, however often it starts over. */
interface Run {
  slots: Slots
  /** The moment when it last started over. */
  begunAt: number
  /** When the data was fetched that it leaves as it is. */
  since: number
  /** It has its answer, which is on its way into the cache. */
  isDone: boolean
  stop: () => void
  outcome: Promise<Bundle> | undefined
}

type Load = (slots: Slots, signal: AbortSignal) => Promise<Bundle>

const known = /* @__PURE__ */ new WeakMap<CachedQuery, Freshness>()

/**
 * Fetches a context for a cache: everything, or, where `refetch` started it, the stale slots. A change on the way makes
 * it start over, so that no answer is kept that the server may have worked out before the change.
 */
export function renew(
  client: MizanClient,
  cache: QueryCacheLike | undefined,
  key: readonly unknown[],
  load: Load,
): Promise<Bundle> {
  const query = cache && findQuery(cache, key)
  const freshness = freshnessOf(query)
  freshness.run?.stop()
  const run: Run = { slots: "all", begunAt: 0, since: 0, isDone: false, stop: () => {}, outcome: undefined }
  freshness.run = run
  run.outcome = persist(run, freshness, query, async (slots) => {
    const attempt = new AbortController()
    run.stop = () => attempt.abort()
    const unfollow = client.onInvalidate((event) => {
      if (touches(event, key)) attempt.abort()
    })
    try {
      const answer = await load(slots, attempt.signal)
      return attempt.signal.aborted ? undefined : answer
    } catch (error) {
      if (attempt.signal.aborted) return undefined
      throw error
    } finally {
      unfollow()
    }
  })
  return run.outcome
}

/** Attempts to fetch until no change has come in between. */
async function persist(
  run: Run,
  freshness: Freshness,
  query: CachedQuery | undefined,
  attempt: (slots: Slots) => Promise<Bundle | undefined>,
): Promise<Bundle> {
  let { isPartial } = freshness
  const done = (answer: Bundle): Bundle => {
    run.isDone = true
    run.since = query?.state.dataUpdatedAt ?? 0
    return answer
  }
  while (freshness.run === run) {
    // Until everything has come, everything is stale: a partial fetch that takes over must bring it all.
    if (!isPartial || freshness.stale.length === 0) freshness.stale = "all"
    run.slots = freshness.stale
    run.begunAt = moment()
    const answer = await attempt(run.slots)
    if (answer === undefined) continue
    if (run.slots === "all") return done(answer)
    const before = query && serverData(query)
    if (isRecord(before)) return done(splice(before, answer, run.slots))
    // There is nothing left to put single slots into.
    isPartial = false
  }
  // Another fetch has taken over: whoever still waits for this one is given what that one brings.
  const taken = freshness.run === undefined ? query && serverData(query) : await freshness.run.outcome
  if (!isRecord(taken)) throw new DOMException("A later fetch has taken over", "AbortError")
  return taken
}

/** Notes that slots of a cached context changed, and fetches them if somebody is reading it. */
export function refetch(cache: QueryCacheLike, query: CachedQuery, slots: Slots): void {
  const freshness = freshnessOf(query)
  freshness.stale = union(freshness.stale, slots)
  freshness.staleAt = freshness.changedAt = moment()
  query.invalidate()
  const isFetching = query.state.fetchStatus !== "idle"
  // An answer on its way into the cache cannot be stopped: `settle` sees that it is out of date.
  if (isFetching && freshness.run?.isDone) return
  if (query.isActive() || isFetching) {
    freshness.isPartial = true
    // Its outcome is in the query's state.
    query.fetch(undefined, { cancelRefetch: true }).catch(() => {})
    freshness.isPartial = false
  } else if (query.getObserversCount() === 0) {
    // The next reader must not be shown, not even for a moment, what may belong to another user by now.
    cache.getQueryCache().remove(query)
  }
}

/** Settles a fetch whose answer is in the cache now. */
export function settle(cache: QueryCacheLike, query: CachedQuery): void {
  const freshness = freshnessOf(query)
  const { run, staleAt } = freshness
  // Also comes here: the answer of a fetch that was overtaken at the very last moment.
  if (!run?.isDone) return
  freshness.run = undefined
  freshness.changedAt = moment()
  // The other slots are no younger than they were.
  if (run.slots !== "all") query.setState({ dataUpdatedAt: run.since })
  rebase(query, run.slots)
  if (staleAt < run.begunAt) freshness.stale = []
  else refetch(cache, query, [])
}

/** Puts values in a cached context that came with an answer. Returns the slots whose values cannot be trusted. */
export function accept(query: CachedQuery, values: readonly Merge[], sent: number): Slots {
  const freshness = freshnessOf(query)
  // Since the call was sent the context has changed otherwise, and only the server knows which of the two was later.
  if (freshness.changedAt > sent) return values.map((value) => value.function)
  for (const { function: slot, value } of values) mergeSlot(query, slot, value)
  if (values.length > 0) freshness.changedAt = moment()
  return []
}

function freshnessOf(query: CachedQuery | undefined): Freshness {
  const found = query && known.get(query)
  if (found !== undefined) return found
  const made: Freshness = { stale: [], staleAt: 0, changedAt: 0, run: undefined, isPartial: false }
  if (query !== undefined) known.set(query, made)
  return made
}
