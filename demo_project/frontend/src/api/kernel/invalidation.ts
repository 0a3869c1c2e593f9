/* eslint-disable */
/** A stale context, narrowed to the instances with these parameters and to one reader. */
export interface ScopedInvalidation {
  context: string
  params?: Readonly<Record<string, unknown>>
  function?: string
}

/** Stands for every context. No context of a server has this name. */
export const EVERYTHING = "*"

/** What a mutation made stale. A bare name means every instance of the context. */
export type Invalidation = string | ScopedInvalidation

/** A new value for one reader of a context, which the server sent with the answer to a call. */
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
  /** The server's id of the event: the same in the caller's answer and in the message to other clients. */
  event: string | undefined
  source: InvalidationSource
  /** The `moment()` when the call was sent. Data that has come since may be newer than the values in `merge`. */
  sent: number
}

/** Who told of the event: the answer to a call of this client, the server of its own accord, or another tab. */
export type InvalidationSource = "answer" | "push" | "tab"

/** Readers of one context by name; null for all of them. */
export type Readers = readonly string[] | null

export function union(a: Readers, b: Readers): Readers {
  return a && b && [...new Set([...a, ...b])]
}

/** What changes mean for one cached context: the readers to fetch, and the values to show. */
export interface Effect {
  stale: Readers
  values: readonly Merge[]
}

/** What *changes* mean for the context with this cache key; undefined if they do not concern the context. */
export function effectOn(key: readonly unknown[], { invalidate = [], merge = [] }: Changes): Effect | undefined {
  const own = new Map(Object.entries(key[2] ?? {}))
  const isAbout = ({ context, params = {} }: ScopedInvalidation, fits: typeof isAlike): boolean =>
    (context === EVERYTHING || key[1] === context) &&
    Object.entries(params).every(([name, value]) => fits(own.get(name), value))
  const values = merge.filter((change) => isAbout(change, isEqual))
  // Where a parameter is spelt differently, the value may belong to another instance, and only the server can tell.
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
 * Whether two parameters may mean the same. A parameter that was left out has a default, which may be any value. The
 * others are compared as text, because they travel in URLs and headers. The server sends the validated value, which may
 * be spelt differently. So "05" and 5 count as equal, as do two spellings of an instant, and a UUID in either case: one
 * fetch too many does no harm.
 */
function isAlike(own: unknown, value: unknown): boolean {
  const [x, y] = [String(own).toLowerCase(), String(value).toLowerCase()]
  return own === undefined || x === y || Number(x) === Number(y) || Date.parse(x) === Date.parse(y)
}
