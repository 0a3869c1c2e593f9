import { isRecord } from "./json"

/** A stale context, narrowed to the instances with these parameters and to one function's slot. */
export interface ScopedInvalidation {
  context: string
  params?: Readonly<Record<string, unknown>>
  function?: string
}

/** What a mutation made stale; a bare name means the whole context, whatever its parameters. */
export type Invalidation = string | ScopedInvalidation

/** A value the server sent along for one function's slot in a context. */
export interface Merge {
  context: string
  function: string
  params?: Readonly<Record<string, unknown>>
  value: unknown
}

/** The changes that one mutation caused. */
export interface Changes {
  invalidate?: readonly Invalidation[] | undefined
  merge?: readonly Merge[] | undefined
}

export interface InvalidationEvent {
  invalidate: readonly Invalidation[]
  merge: readonly Merge[]
  /** Made by the server, the same in the answer and in what other clients are told. */
  event: string | undefined
  source: InvalidationSource
  /** The `moment()` when the call was sent that brought it: what has come since may be newer than its values. */
  sent: number
}

/** Where the news came from: the answer to a call here, the server on its own, or another tab. */
export type InvalidationSource = "answer" | "push" | "tab"

/** Functions of one context; an empty list names none. */
export type Slots = readonly string[] | "all"

export function union(a: Slots, b: Slots): Slots {
  return a === "all" || b === "all" ? "all" : [...new Set([...a, ...b])]
}

export function includes(slots: Slots, slot: string): boolean {
  return slots === "all" || slots.includes(slot)
}

/** The slots of the cached context *key* that *changes* made stale. */
export function staleSlots(changes: Changes, key: readonly unknown[]): Slots {
  let slots: Slots = []
  for (const entry of changes.invalidate ?? []) {
    const scope = typeof entry === "string" ? { context: entry } : entry
    if (concerns(scope, key)) slots = union(slots, scope.function === undefined ? "all" : [scope.function])
  }
  for (const entry of changes.merge ?? []) {
    // The value may be this reader's or another's: only the server can tell.
    if (concerns(entry, key) && !names(entry, key)) slots = union(slots, [entry.function])
  }
  return slots
}

/** The values that *changes* bring for the cached context *key*. */
export function mergedValues(changes: Changes, key: readonly unknown[]): readonly Merge[] {
  return (changes.merge ?? []).filter((entry) => concerns(entry, key) && names(entry, key))
}

export function touches(changes: Changes, key: readonly unknown[]): boolean {
  return staleSlots(changes, key).length > 0 || mergedValues(changes, key).length > 0
}

function concerns(entry: ScopedInvalidation, key: readonly unknown[]): boolean {
  if (key[0] !== "mizan" || key[1] !== entry.context) return false
  const own = isRecord(key[2]) ? key[2] : {}
  // A parameter the reader left to its default may be the one that changed.
  return Object.entries(entry.params ?? {}).every(
    ([name, value]) => !Object.hasOwn(own, name) || alike(own[name], value),
  )
}

/** True where the reader spelt every parameter of the entry exactly so. */
function names(entry: ScopedInvalidation, key: readonly unknown[]): boolean {
  const own = isRecord(key[2]) ? key[2] : {}
  return Object.entries(entry.params ?? {}).every(
    ([name, value]) => Object.hasOwn(own, name) && text(own[name]) === text(value),
  )
}

/**
 * Compares as text, because parameters travel in URLs and headers. The server's spelling is the validated one, so
 * "05" and 5, two spellings of an instant, and the case of a UUID count as equal: one fetch too many does no harm.
 */
function alike(a: unknown, b: unknown): boolean {
  const [x, y] = [text(a).toLowerCase(), text(b).toLowerCase()]
  return x === y || Number(x) === Number(y) || Date.parse(x) === Date.parse(y)
}

function text(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value, sorted) : String(value)
}

function sorted(_key: string, value: unknown): unknown {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value
}
