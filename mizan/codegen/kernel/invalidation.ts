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

/** Functions of one context by name; null for all of them. */
export type Slots = readonly string[] | null

export function union(a: Slots, b: Slots): Slots {
  return a && b && [...new Set([...a, ...b])]
}

/** What changes mean for one cached context. */
export interface Effect {
  stale: Slots
  values: readonly Merge[]
}

/** What *changes* made stale of the context with this cache key, and bring for it; undefined if that is nothing. */
export function effectOn(key: readonly unknown[], { invalidate = [], merge = [] }: Changes): Effect | undefined {
  const own = new Map(Object.entries(key[2] ?? {}))
  const isAbout = ({ context, params = {} }: ScopedInvalidation, fits: typeof isAlike): boolean =>
    key[1] === context && Object.entries(params).every(([name, value]) => fits(own.get(name), value))
  const values = merge.filter((entry) => isAbout(entry, isEqual))
  // Where a parameter is spelt otherwise the value may be another reader's: only the server can tell.
  const stale = [...invalidate, ...merge.filter((entry) => !values.includes(entry))]
    .map((entry) => (typeof entry === "string" ? { context: entry } : entry))
    .filter((entry) => isAbout(entry, isAlike))
    .reduce<Slots>((slots, { function: slot }) => union(slots, slot === undefined ? null : [slot]), [])
  return stale?.length === 0 && values.length === 0 ? undefined : { stale, values }
}

function isEqual(own: unknown, value: unknown): boolean {
  return JSON.stringify(own) === JSON.stringify(value)
}

/**
 * A parameter that the reader left to its default may be the one that changed. The others are compared as text, because
 * they travel in URLs and headers. The server's spelling is the validated one, so "05" and 5, two spellings of an
 * instant, and the case of a UUID count as equal: one fetch too many does no harm.
 */
function isAlike(own: unknown, value: unknown): boolean {
  const [x, y] = [String(own).toLowerCase(), String(value).toLowerCase()]
  return own === undefined || x === y || Number(x) === Number(y) || Date.parse(x) === Date.parse(y)
}
