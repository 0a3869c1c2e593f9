/* eslint-disable */
import type { Bundle } from "./bundle"
import type { Readers } from "./invalidation"
import { isRecord } from "./json"
import { type CachedQuery, replaceData } from "./queries"

/** Ends a change: undoes it, or keeps it until the server's own data has come. */
export type EndChange = (outcome: "keep" | "undo") => void

/** A change to one reader's data that is shown before the server has made it. */
interface Layer {
  readonly reader: string
  readonly update: (old: unknown) => unknown
  /** Whether the server has made the change, so that data fetched from now on has it. */
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

  /** Shows a change to one reader's data. Where *update* throws, nothing of the change is shown. */
  add(reader: string, update: (old: unknown) => unknown): EndChange {
    const layer: Layer = { reader, update, isAccepted: false }
    this.#show(this.base, [...this.#layers, layer])
    return (outcome) => {
      if (outcome === "keep") layer.isAccepted = true
      else this.#remove(layer)
    }
  }

  /** Takes new data, in which the server has sent these readers. Changes that the server has not made stay on top. */
  rebase(base: unknown, readers: Readers): void {
    const isOver = ({ isAccepted, reader }: Layer): boolean => isAccepted && (readers?.includes(reader) ?? true)
    try {
      this.#show(base, without(this.#layers, isOver))
    } catch {
      // An update may not fit the new data. Then the data is shown as it is.
      this.#show(base, [])
    }
  }

  /** Drops every change. The query's data stays as it is: the caller replaces it. */
  clear(): void {
    this.#layers = []
  }

  /** Undoes a change, if it is still shown. */
  #remove(layer: Layer): void {
    if (this.#layers.includes(layer)) this.#show(this.base, without(this.#layers, (each) => each === layer))
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
