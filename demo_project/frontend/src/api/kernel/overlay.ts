/* eslint-disable */
import type { Bundle } from "./bundle"
import type { Readers } from "./invalidation"
import { isRecord } from "./json"
import { type CachedQuery, replaceData } from "./queries"

/** A change to one reader's data that is shown before the server has made it. */
export interface Layer {
  reader: string
  update: (old: unknown) => unknown
  /** The server has made the change: data fetched from now on has it. */
  isAccepted: boolean
}

/** The changes that are shown on top of a cached context. */
export class Overlay {
  readonly #query: CachedQuery
  #layers: readonly Layer[] = []
  #base: unknown

  constructor(query: CachedQuery) {
    this.#query = query
  }

  /** The context's data as the server sent it. */
  get base(): unknown {
    return this.#layers.length > 0 ? this.#base : this.#query.state.data
  }

  /** Shows a change. Where its update throws, nothing of the change is shown. */
  add(layer: Layer): void {
    this.#show(this.base, [...this.#layers, layer])
  }

  /** Undoes a change. One that is no longer shown stays away. */
  remove(layer: Layer): void {
    if (this.#layers.includes(layer)) this.#show(this.base, without(this.#layers, (each) => each === layer))
  }

  /** Puts the changes that the server has not made yet on top of what it has just sent for these readers. */
  rebase(base: unknown, readers: Readers): void {
    const isOver = ({ isAccepted, reader }: Layer): boolean => isAccepted && (readers?.includes(reader) ?? true)
    try {
      this.#show(base, without(this.#layers, isOver))
    } catch {
      // An update that does not fit the new data has had its time: the data is the truth.
      this.#show(base, [])
    }
  }

  /** Drops every change, and leaves the query's data to the caller. */
  clear(): void {
    this.#layers = []
  }

  #show(base: unknown, layers: readonly Layer[]): void {
    const data = isRecord(base) ? layers.reduce(withLayer, base) : base
    this.#base = base
    this.#layers = layers
    if (data !== this.#query.state.data) replaceData(this.#query, data)
  }
}

function without(layers: readonly Layer[], isOver: (layer: Layer) => boolean): readonly Layer[] {
  return layers.filter((layer) => !isOver(layer))
}

function withLayer(bundle: Bundle, { reader, update }: Layer): Bundle {
  return Object.hasOwn(bundle, reader) ? { ...bundle, [reader]: update(bundle[reader]) } : bundle
}
