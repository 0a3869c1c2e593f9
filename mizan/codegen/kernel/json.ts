/** A JSON object. */
export type Json = Record<string, unknown>

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Whether *value* is a list or a plain object, and no instance of a class. */
export function isData(value: unknown): value is Json | unknown[] {
  return Array.isArray(value) || (isRecord(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value)))
}

/** A list or object with every item changed. A `__proto__` key is a key like any other. */
export function mapItems(data: Json | unknown[], change: (item: unknown, key: string) => unknown): Json | unknown[] {
  const items = Object.entries(data).map(([key, item]): [string, unknown] => [key, change(item, key)])
  return Array.isArray(data) ? items.map(([, item]) => item) : Object.fromEntries(items)
}

/** How deep data is compared; parts below that are taken from the new data. */
const MAX_DEPTH = 500

/**
 * *next*, with the parts of *previous* wherever both are equal, so that unchanged parts keep their identity. TanStack
 * Query's own structural sharing does not treat a `__proto__` key as plain data; this does.
 */
export function share(previous: unknown, next: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH || !isData(previous) || !isData(next)) return next
  const before = new Map<string, unknown>(Object.entries(previous))
  let isSame = Array.isArray(previous) === Array.isArray(next) && before.size === Object.keys(next).length
  const shared = mapItems(next, (item, key) => {
    const part = share(before.get(key), item, depth + 1)
    isSame &&= before.has(key) && before.get(key) === part
    return part
  })
  return isSame ? previous : shared
}
