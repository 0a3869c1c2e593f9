/* eslint-disable */
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
  /** The readers to fetch. */
  readers: Readers
  /** The moment when the run last started over. */
  begunAt: number
  /** When the data of the other readers was fetched, which the run does not fetch. */
  since: number
  /** Whether the answer has come, and is on its way into the cache. */
  isDone: boolean
  startOver: () => void
  /** Whether nobody waits for the answer any more. */
  isCancelled: boolean
  outcome?: Promise<Bundle>
}

/** What the kernel knows of a cached context beyond its query: what is stale, being fetched, and shown on top. */
export class ContextState {
  readonly #query: CachedQuery
  /** Readers that have to be fetched. A reader stays among them until a fetch that began afterwards has succeeded. */
  #stale: Readers = []
  /** The moment when a reader was last found to be stale. */
  #staleAt = 0
  /** The moment of the last change: a reader was found to be stale, or data came. */
  #changedAt = 0
  /** Set while `refetch` starts a fetch: that fetch may leave out the readers that are not stale. */
  #isPartial = false
  #holders = 0
  /** The fetch under way, until its answer is in the cache. */
  #run: Run | undefined
  /** The changes that are shown before the server has made them. */
  #overlay: Overlay | undefined

  constructor(query: CachedQuery) {
    this.#query = query
  }

  /**
   * Fetches every reader of the context, or only the stale ones if `refetch` has started the fetch. A change during the
   * fetch makes it start over, because the server may have worked out the answer before the change.
   */
  renew(client: MizanClient, load: Load): Promise<Bundle> {
    // Every reader counts as stale until the whole context has come: no fetch of single readers can replace this one.
    if (!this.#isPartial || !this.#stale?.length) this.#stale = null
    const run = this.#run
    if (run?.outcome && !run.isDone) {
      run.startOver()
      return run.outcome
    }
    const begun: Run = { readers: null, begunAt: 0, since: 0, isDone: false, isCancelled: false, startOver: () => {} }
    this.#run = begun
    return (begun.outcome = this.#persist(client, begun, load))
  }

  /** Notes that these readers are stale, and fetches them if the context is on screen. */
  refetch(cache: QueryCacheLike, readers: Readers): void {
    const query = this.#query
    this.#stale = union(this.#stale, readers)
    this.#staleAt = this.#changedAt = moment()
    query.invalidate()
    const isFetching = query.state.fetchStatus !== "idle"
    // A run under way hears of the change as well, and starts over. If its answer has come, `settle` begins another.
    if (isFetching && this.#run) return
    if (isFetching || query.isActive()) {
      this.#isPartial = true
      // The outcome is in the query's state.
      query.fetch(undefined, { cancelRefetch: true }).catch(() => {})
      this.#isPartial = false
    } else if (query.getObserversCount() === 0) {
      // The data may be another user's by now: the next component must not show it, not even for a moment.
      cache.getQueryCache().remove(query)
    }
  }

  /** Keeps a fetch going while something that is no observer waits for it; returns the undo. */
  hold(cache: QueryCacheLike): () => void {
    this.#holders++
    return () => {
      this.#holders--
      setTimeout(() => this.endIfUnseen(cache))
    }
  }

  /** Ends the fetch under way, and its request, if no component is there to show the answer. */
  endIfUnseen(cache: QueryCacheLike): void {
    const query = this.#query
    const run = this.#run
    if (!run || run.isDone || this.#holders > 0 || query.getObserversCount() > 0) return
    const { isInvalidated } = query.state
    this.#run = undefined
    void query.cancel({ revert: true, silent: true })
    run.isCancelled = true
    run.startOver()
    // As in `refetch`: the data from before may be another user's by now.
    if (isInvalidated) cache.getQueryCache().remove(query)
  }

  /** To be called when an answer is in the cache. Takes note of what is fresh now. */
  settle(cache: QueryCacheLike): void {
    const run = this.#run
    // The answer may be that of an earlier run, which a newer one overtook at the very last moment.
    if (!run?.isDone) return
    this.#run = undefined
    this.#changedAt = moment()
    // The data of the other readers is as old as before.
    if (run.readers) this.#query.setState({ dataUpdatedAt: run.since })
    this.#overlay?.rebase(this.#query.state.data, run.readers)
    if (this.#staleAt < run.begunAt) this.#stale = []
    else this.refetch(cache, [])
  }

  /** Shows values from the answer to a call that was sent at *sent*. Returns the readers to fetch instead, if any. */
  accept(values: readonly Merge[], sent: number): Readers {
    // If the context has changed since the call was sent, or is about to, only the server knows which value is newer.
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

  /** The changes shown on top. *make* makes an `Overlay`, a class that an app without patches does not load. */
  overlay(make: () => Overlay): Overlay {
    return (this.#overlay ??= make())
  }

  /** Takes away the data and every change that is shown on top. */
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
        if (run.isCancelled) controller.signal.throwIfAborted()
        if (controller.signal.aborted) continue
        const before = this.#serverData
        run.since = this.#query.state.dataUpdatedAt
        run.isDone = !readers || isRecord(before)
        if (run.isDone) return readers && isRecord(before) ? splice(before, answer, readers) : answer
        // The data has gone meanwhile, so single readers are not enough.
        this.#stale = null
      } catch (error) {
        if (controller.signal.aborted && !run.isCancelled) continue
        if (this.#run === run) this.#run = undefined
        throw error
      } finally {
        unfollow()
      }
    }
  }

  /** The context's data as the server sent it, without the changes on top. */
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
