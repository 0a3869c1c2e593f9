import { type MizanError, ValidationError } from "../api"

/** What the server says about one field of the latest call. */
export function errorsOf(error: MizanError | null, path: string): readonly string[] | undefined {
  return error instanceof ValidationError ? error.fieldErrors[path] : undefined
}

/** What stands above a form: everything that no field of its own says. */
export function errorOfForm(error: MizanError | null, fields: readonly string[]): string | null {
  if (error === null) return null
  if (!(error instanceof ValidationError)) return error.message
  const others = Object.entries(error.fieldErrors).filter(([path]) => !fields.includes(path))
  return others.length === 0 ? null : others.flatMap(([, messages]) => messages).join(" ")
}
