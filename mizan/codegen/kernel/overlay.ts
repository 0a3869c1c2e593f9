import type { Bundle } from "./bundle"
import type { Slots } from "./invalidation"
import { isRecord } from "./json"
import { type CachedQuery, replaceData } from "./queries"
import { trackingOf } from "./tracking"

/** A change to one slot that is shown before the server has made it. */
export interface Layer {
  slot: string
  update: (old: unknown) => unknown
  /** The server has made the change: data fetched from now on has it. */
  isAccepted: boolean
}

/** A cached context as the server sent it, and the changes shown on top. */
export class Overlay {
  #base: unknown
  #layers: readonly Layer[] = []
  readonly #query: CachedQuery

  constructor(query: CachedQuery) {
    this.#query = query
    this.#base = query.state.data
  }

  get base(): unknown {
    return this.#base
  }

  add(layer: Layer): void {
    this.#show(this.#base, [...this.#layers, layer])
  }

  remove(layer: Layer): void {
    // Where the server has refused the context meanwhile, nothing of it must come back.
    const isShown = this.#layers.includes(layer) && trackingOf(this.#query).overlay === this
    if (isShown)
      this.#show(
        this.#base,
        this.#layers.filter((each) => each !== layer),
      )
  }

  /** Puts the changes that the server has not made yet on top of what it has just sent for these slots. */
  rebase(base: unknown, slots: Slots): void {
    const isOver = ({ isAccepted, slot }: Layer): boolean => isAccepted && (slots?.includes(slot) ?? true)
    try {
      this.#show(
        base,
        this.#layers.filter((layer) => !isOver(layer)),
      )
    } catch {
      // An update that does not fit the new data has had its time: the data is the truth.
      this.#show(base, [])
    }
  }

  #show(base: unknown, layers: readonly Layer[]): void {
    const data = isRecord(base) ? layers.reduce(withLayer, base) : undefined
    this.#base = base
    this.#layers = layers
    const tracking = trackingOf(this.#query)
    if (layers.length > 0) tracking.overlay = this
    else delete tracking.overlay
    if (data !== undefined) replaceData(this.#query, data)
  }
}

function withLayer(bundle: Bundle, { slot, update }: Layer): Bundle {
  return Object.hasOwn(bundle, slot) ? { ...bundle, [slot]: update(bundle[slot]) } : bundle
}
