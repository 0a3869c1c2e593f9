/** A stale context, narrowed to the instances with these parameters and to one reader. */
export interface ScopedInvalidation {
  context: string
  params?: Readonly<Record<string, unknown>>
  function?: string
}

/** What a mutation made stale; a bare name means the whole context, whatever its parameters. */
export type Invalidation = string | ScopedInvalidation

/** A value for one reader of a context, which the server sent along with an answer. */
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

/** Readers of one context by name; null for all of them. */
export type Readers = readonly string[] | null

export function union(a: Readers, b: Readers): Readers {
  return a && b && [...new Set([...a, ...b])]
}

/** What changes mean for one cached context. */
export interface Effect {
  stale: Readers
  values: readonly Merge[]
}

/** What *changes* made stale of the context with this cache key, and bring for it; undefined if that is nothing. */
export function effectOn(key: readonly unknown[], { invalidate = [], merge = [] }: Changes): Effect | undefined {
  const own = new Map(Object.entries(key[2] ?? {}))
  const isAbout = ({ context, params = {} }: ScopedInvalidation, fits: typeof isAlike): boolean =>
    key[1] === context && Object.entries(params).every(([name, value]) => fits(own.get(name), value))
  const values = merge.filter((change) => isAbout(change, isEqual))
  // Where a parameter is spelt otherwise, the value may belong to another instance: only the server can tell.
  const stale = [...invalidate, ...merge.filter((change) => !values.includes(change))]
    .map((change) => (typeof change === "string" ? { context: change } : change))
    .filter((change) => isAbout(change, isAlike))
    .reduce<Readers>((readers, { function: reader }) => union(readers, reader === undefined ? null : [reader]), [])
  return stale?.length === 0 && values.length === 0 ? undefined : { stale, values }
}

function isEqual(own: unknown, value: unknown): boolean {
  return JSON.stringify(own) === JSON.stringify(value)
}

/**
 * A parameter that was left out has its default, which may be the one that changed. The others are compared as text,
 * because they travel in URLs and headers. The server spells a parameter as it was validated. So "05" and 5 count as
 * equal, and two spellings of an instant, and a UUID in either case: one fetch too many does no harm.
 */
function isAlike(own: unknown, value: unknown): boolean {
  const [x, y] = [String(own).toLowerCase(), String(value).toLowerCase()]
  return own === undefined || x === y || Number(x) === Number(y) || Date.parse(x) === Date.parse(y)
}
