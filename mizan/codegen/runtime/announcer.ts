import type { Changes, InvalidationEvent, InvalidationSource } from "./invalidation"

export type Listener = (event: InvalidationEvent) => void

/** How many event ids are remembered: more than can be on their way at once. */
const EVENTS_KEPT = 256

/** Passes on what became stale, each event once however many ways it comes. */
export class Announcer {
  readonly #events = new Set<string>()
  readonly #listeners = new Set<Listener>()
  #revision = 0

  /** Counts the changes that were announced. */
  get revision(): number {
    return this.#revision
  }

  announce(
    { invalidate = [], merge = [] }: Changes,
    source: InvalidationSource,
    event: string | undefined,
    sent: number,
  ): void {
    if (invalidate.length + merge.length === 0 || (event !== undefined && this.#isKnown(event))) return
    this.#revision++
    for (const listener of [...this.#listeners]) listener({ invalidate, merge, event, source, sent })
  }

  /** Returns the undo. */
  follow(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #isKnown(event: string): boolean {
    if (this.#events.has(event)) return true
    this.#events.add(event)
    const [oldest] = this.#events
    if (this.#events.size > EVENTS_KEPT && oldest !== undefined) this.#events.delete(oldest)
    return false
  }
}
