import { isData, mapItems } from "./json"

/** The arguments as JSON data, with null in place of each file. The file is put in *files* by its path ("docs.0"). */
export function splitFiles(value: unknown, path: string, files: Map<string, Blob>): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    // JSON.stringify would write null, and the server might well accept that.
    throw new RangeError(`${path}: JSON has no ${value}`)
  }
  if (value instanceof Blob) {
    files.set(path, value)
    return null
  }
  if (!isData(value)) return value
  return mapItems(value, (item, key) => splitFiles(item, path ? `${path}.${key}` : key, files))
}

/** A multipart body: the call as JSON in one part, and a part for each file. */
export function formOf(fn: string, args: unknown, files: ReadonlyMap<string, Blob>): FormData {
  const form = new FormData()
  form.set("payload", JSON.stringify({ fn, args }))
  for (const [path, file] of files) form.set(path, file)
  return form
}

/** A context's query string, sorted by name, without what is null. Objects and lists travel as JSON text. */
export function queryOf(params: object, only: readonly string[] | null | undefined): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...params, "~only": only?.join() })) {
    if (value != null) query.set(name, typeof value === "object" ? JSON.stringify(value) : String(value))
  }
  query.sort()
  const text = query.toString()
  return text && `?${text}`
}
