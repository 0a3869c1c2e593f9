/** A JSON object. */
export type Json = Record<string, unknown>

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** An object literal or what JSON.parse made, not an instance of some class. */
export function isPlain(value: unknown): value is Json {
  if (!isRecord(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Data nested deeper than this is taken as it is. */
const MAX_DEPTH = 500

/**
 * *next* with every part that equals its counterpart in *previous* replaced by that one, so that what did not change
 * keeps its identity. Unlike the sharing built into TanStack Query, it takes a `__proto__` key as plain data.
 */
export function share(previous: unknown, next: unknown, depth = 0): unknown {
  if (previous === next || depth > MAX_DEPTH) return next
  if (Array.isArray(previous) && Array.isArray(next)) {
    const items = next.map((item, index) => share(previous[index], item, depth + 1))
    return items.length === previous.length && items.every((item, index) => item === previous[index]) ? previous : items
  }
  if (isPlain(previous) && isPlain(next)) {
    const had = (key: string): boolean => Object.hasOwn(previous, key)
    const entries = Object.entries(next).map(
      ([key, value]) => [key, had(key) ? share(previous[key], value, depth + 1) : value] as const,
    )
    const isSame = entries.every(([key, value]) => had(key) && value === previous[key])
    return isSame && entries.length === Object.keys(previous).length ? previous : Object.fromEntries(entries)
  }
  return next
}
