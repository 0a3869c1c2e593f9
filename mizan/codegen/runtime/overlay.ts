import { type Bundle, splice } from "./bundle"
import { includes, type Slots } from "./invalidation"
import { isRecord } from "./json"
import { type CachedQuery, replaceData } from "./queries"

/** A change to one slot that is shown before the server has made it. */
export interface Layer {
  slot: string
  update: (old: unknown) => unknown
  /** The server has made the change: data fetched from now on has it. */
  isAccepted: boolean
}

/** A cached context as the server sent it, and the changes shown on top. */
interface Overlay {
  base: unknown
  layers: readonly Layer[]
}

const overlays = /* @__PURE__ */ new WeakMap<CachedQuery, Overlay>()

/** A query's data as the server sent it. */
export function serverData(query: CachedQuery): unknown {
  return overlayOf(query).base
}

export function addLayer(query: CachedQuery, layer: Layer): void {
  const { base, layers } = overlayOf(query)
  show(query, base, [...layers, layer])
}

export function removeLayer(query: CachedQuery, layer: Layer): void {
  const { base, layers } = overlayOf(query)
  if (layers.includes(layer))
    show(
      query,
      base,
      without(layers, (each) => each === layer),
    )
}

/** Puts the changes that the server has not made yet on top of data it has just sent for these slots. */
export function rebase(query: CachedQuery, fetched: Slots): void {
  const { layers } = overlayOf(query)
  if (layers.length === 0) return
  const left = without(layers, (each) => each.isAccepted && includes(fetched, each.slot))
  try {
    show(query, query.state.data, left)
  } catch {
    // An update that does not fit the new data has had its time: the data is the truth.
    show(query, query.state.data, [])
  }
}

/** Writes a value that the server sent for one slot. */
export function mergeSlot(query: CachedQuery, slot: string, value: unknown): void {
  const { base, layers } = overlayOf(query)
  if (!isRecord(base)) return
  show(
    query,
    splice(base, { [slot]: value }, [slot]),
    without(layers, (each) => each.isAccepted && each.slot === slot),
  )
}

export function dropLayers(query: CachedQuery): void {
  overlays.delete(query)
}

function overlayOf(query: CachedQuery): Overlay {
  return overlays.get(query) ?? { base: query.state.data, layers: [] }
}

function show(query: CachedQuery, base: unknown, layers: readonly Layer[]): void {
  const data = isRecord(base) ? layers.reduce(withLayer, base) : undefined
  if (layers.length > 0) overlays.set(query, { base, layers })
  else overlays.delete(query)
  if (data !== undefined) replaceData(query, data)
}

function withLayer(bundle: Bundle, { slot, update }: Layer): Bundle {
  return Object.hasOwn(bundle, slot) ? { ...bundle, [slot]: update(bundle[slot]) } : bundle
}

function without(layers: readonly Layer[], isOver: (layer: Layer) => boolean): readonly Layer[] {
  return layers.filter((layer) => !isOver(layer))
}
