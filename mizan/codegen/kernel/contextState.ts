import { type Bundle, splice } from "./bundle"
import type { MizanClient } from "./client"
import { effectOn, type Merge, type Readers, union } from "./invalidation"
import { isRecord } from "./json"
import { moment } from "./moment"
import type { Overlay } from "./overlay"
import { type CachedQuery, type QueryCacheLike, replaceData } from "./queries"

type Load = (readers: Readers, signal: AbortSignal) => Promise<Bundle>

/** One fetch of a context for a cache, however often it starts over. */
interface Run {
  readers: Readers
  /** The moment when the run last started over. */
  begunAt: number
  /** When the data was fetched that the run leaves as it is. */
  since: number
  /** The answer has come, and is on its way into the cache. */
  isDone: boolean
  startOver: () => void
  outcome?: Promise<Bundle>
}

/** What is known of a cached context beyond its query. */
export class ContextState {
  readonly #query: CachedQuery
  /** Readers that changed on the server, or were asked for, and that no fetch begun since has brought. */
  #stale: Readers = []
  /** The moment when a reader was last found to be stale. */
  #staleAt = 0
  /** The same, or a later moment when data came. */
  #changedAt = 0
  /** Set while `refetch` starts a fetch, which may leave out the readers that are not stale. */
  #isPartial = false
  /** The fetch under way, until its answer is in the cache. */
  #run: Run | undefined
  /** Changes that are shown on top before the server has made them. */
  #overlay: Overlay | undefined

  constructor(query: CachedQuery) {
    this.#query = query
  }

  /**
   * Fetches the context: everything, or, where `refetch` started it, the stale readers. A change on the way makes the
   * fetch start over, so that no answer is kept that the server may have worked out before the change.
   */
  renew(client: MizanClient, load: Load): Promise<Bundle> {
    // Until everything has come, everything is stale, so that a fetch of single readers cannot take its place.
    if (!this.#isPartial || !this.#stale?.length) this.#stale = null
    const run = this.#run
    if (run?.outcome && !run.isDone) {
      run.startOver()
      return run.outcome
    }
    const begun: Run = { readers: null, begunAt: 0, since: 0, isDone: false, startOver: () => {} }
    this.#run = begun
    return (begun.outcome = this.#persist(client, begun, load))
  }

  /** Notes that readers changed on the server, and fetches them if the context is on screen. */
  refetch(cache: QueryCacheLike, readers: Readers): void {
    const query = this.#query
    this.#stale = union(this.#stale, readers)
    this.#staleAt = this.#changedAt = moment()
    query.invalidate()
    const isFetching = query.state.fetchStatus !== "idle"
    // A fetch under way hears of the change too, and starts over; if it is too late for that, `settle` begins another.
    if (isFetching && this.#run) return
    if (isFetching || query.isActive()) {
      this.#isPartial = true
      // The outcome is in the query's state.
      query.fetch(undefined, { cancelRefetch: true }).catch(() => {})
      this.#isPartial = false
    } else if (query.getObserversCount() === 0) {
      // The next component must not show, not even for a moment, what may belong to another user by now.
      cache.getQueryCache().remove(query)
    }
  }

  /** Settles a fetch whose answer is in the cache now. */
  settle(cache: QueryCacheLike): void {
    const run = this.#run
    // An answer that was overtaken at the very last moment comes here too, while its successor is under way.
    if (!run?.isDone) return
    this.#run = undefined
    this.#changedAt = moment()
    // The other readers are no younger than they were.
    if (run.readers) this.#query.setState({ dataUpdatedAt: run.since })
    this.#overlay?.rebase(this.#query.state.data, run.readers)
    if (this.#staleAt < run.begunAt) this.#stale = []
    else this.refetch(cache, [])
  }

  /** Takes values that a call brought which was sent at the moment *sent*. Returns the readers to fetch instead. */
  accept(values: readonly Merge[], sent: number): Readers {
    // The context has changed otherwise since the call was sent, or will soon: only the server knows what came last.
    if (this.#changedAt > sent || this.#run?.isDone) return values.map((value) => value.function)
    for (const { function: reader, value } of values) {
      const before = this.#serverData
      if (!isRecord(before)) continue
      const data = splice(before, { [reader]: value }, [reader])
      if (this.#overlay) this.#overlay.rebase(data, [reader])
      else replaceData(this.#query, data)
      this.#changedAt = moment()
    }
    return []
  }

  /** The changes shown on top. *make* is given by who has one: an app without patches need not load `Overlay`. */
  overlay(make: (query: CachedQuery) => Overlay): Overlay {
    return (this.#overlay ??= make(this.#query))
  }

  /** Takes away the data and every change on top of it. */
  forget(): void {
    this.#overlay?.clear()
    this.#query.setState({ data: undefined, dataUpdatedAt: 0 })
  }

  async #persist(client: MizanClient, run: Run, load: Load): Promise<Bundle> {
    for (;;) {
      const readers = (run.readers = this.#stale)
      run.begunAt = moment()
      const controller = new AbortController()
      run.startOver = () => controller.abort()
      const unfollow = client.onInvalidate((event) => {
        if (effectOn(this.#query.queryKey, event)) run.startOver()
      })
      try {
        const answer = await load(readers, controller.signal)
        if (controller.signal.aborted) continue
        const before = this.#serverData
        run.since = this.#query.state.dataUpdatedAt
        run.isDone = !readers || isRecord(before)
        if (run.isDone) return readers && isRecord(before) ? splice(before, answer, readers) : answer
        // There is nothing left to put single readers into.
        this.#stale = null
      } catch (error) {
        if (controller.signal.aborted) continue
        this.#run = undefined
        throw error
      } finally {
        unfollow()
      }
    }
  }

  /** The query's data as the server sent it. */
  get #serverData(): unknown {
    return this.#overlay ? this.#overlay.base : this.#query.state.data
  }
}

const states = /* @__PURE__ */ new WeakMap<CachedQuery, ContextState>()

/** The one state of a cached context, for as long as its query is in the cache. */
export function contextStateOf(query: CachedQuery): ContextState {
  const state = states.get(query) ?? new ContextState(query)
  states.set(query, state)
  return state
}
