import type { Bundle } from "./bundle"
import type { Readers } from "./invalidation"
import { isRecord } from "./json"
import { type CachedQuery, replaceData } from "./queries"
import { trackingOf } from "./tracking"

/** A change to one reader that is shown before the server has made it. */
export interface Layer {
  reader: string
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

  /** Puts the changes that the server has not made yet on top of what it has just sent for these readers. */
  rebase(base: unknown, readers: Readers): void {
    const isOver = ({ isAccepted, reader }: Layer): boolean => isAccepted && (readers?.includes(reader) ?? true)
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

function withLayer(bundle: Bundle, { reader, update }: Layer): Bundle {
  return Object.hasOwn(bundle, reader) ? { ...bundle, [reader]: update(bundle[reader]) } : bundle
}
