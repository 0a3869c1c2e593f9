import type { Bundle } from "./bundle"
import type { Readers } from "./invalidation"
import type { Overlay } from "./overlay"
import type { CachedQuery } from "./queries"

/** What is known of a cached context beyond its query. */
export interface Tracking {
  /** Readers that changed on the server, or were asked for, and that no fetch begun since has brought. */
  stale: Readers
  /** The moment when a reader was last found to be stale. */
  staleAt: number
  /** The same, or a later moment when data came. */
  changedAt: number
  /** Set while `refetch` starts a fetch, which may leave out the readers that are not stale. */
  isPartial?: boolean
  /** The fetch under way, until its answer is in the cache. */
  run?: Run
  /** Changes that are shown on top before the server has made them. */
  overlay?: Overlay
}

/** One fetch of a context for a cache, however often it starts over. */
export interface Run {
  readers: Readers
  /** The moment when it last started over. */
  begunAt: number
  /** When the data was fetched that it leaves as it is. */
  since: number
  /** It has its answer, which is on its way into the cache. */
  isDone: boolean
  startOver: () => void
  outcome?: Promise<Bundle>
}

const tracked = /* @__PURE__ */ new WeakMap<CachedQuery, Tracking>()

export function trackingOf(query: CachedQuery): Tracking {
  const tracking = tracked.get(query) ?? { stale: [], staleAt: 0, changedAt: 0 }
  tracked.set(query, tracking)
  return tracking
}
