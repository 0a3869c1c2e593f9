/** The text of a form's field; empty where there is none. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === "string" ? value.trim() : ""
}

/** The text of a field that may be left empty. */
export function optionalTextOf(form: FormData, name: string): string | null {
  return textOf(form, name) || null
}
