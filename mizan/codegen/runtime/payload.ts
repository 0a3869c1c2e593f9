import { isPlain } from "./json"

/** The arguments as JSON data, and the files that were in them by dotted path ("file", "docs.0"). */
export interface Payload {
  args: unknown
  files: ReadonlyMap<string, Blob>
}

/** Takes the files out of the arguments and leaves null in their places. */
export function splitFiles(args: unknown): Payload {
  const files = new Map<string, Blob>()
  return { args: withoutFiles(args, "", files), files }
}

function withoutFiles(value: unknown, path: string, files: Map<string, Blob>): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    // JSON.stringify would send null, and the server might well accept it.
    throw new RangeError(`${path}: JSON has no ${value}`)
  }
  if (value instanceof Blob) {
    files.set(path, value)
    return null
  }
  const inside = (key: string | number, item: unknown): unknown =>
    withoutFiles(item, path === "" ? String(key) : `${path}.${key}`, files)
  if (Array.isArray(value)) return value.map((item, index) => inside(index, item))
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(key, item)]))
  return value
}

/** A context's query string, sorted by name; objects and lists travel as JSON text, what is null stays out. */
export function queryText(params: object, only: readonly string[] | undefined): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value !== undefined && value !== null) {
      query.set(name, typeof value === "object" ? JSON.stringify(value) : String(value))
    }
  }
  if (only !== undefined) query.set("~only", only.join())
  const text = query.toString()
  return text === "" ? "" : `?${text}`
}
