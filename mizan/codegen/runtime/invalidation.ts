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

/** What changes mean for one cached context. */
export interface Effect {
  stale: Slots
  values: readonly Merge[]
}

/** What *changes* mean for the cached context *key*; undefined if they do not concern it. */
export function effectOn(key: readonly unknown[], { invalidate = [], merge = [] }: Changes): Effect | undefined {
  const own = isRecord(key[2]) ? key[2] : {}
  /** Compares the parameters that the reader gave: one it left to its default may be the one that changed. */
  const concerns = ({ context, params = {} }: ScopedInvalidation): boolean =>
    key[0] === "mizan" &&
    key[1] === context &&
    Object.entries(params).every(([name, value]) => !Object.hasOwn(own, name) || isAlike(own[name], value))
  const values: Merge[] = []
  let stale: Slots = []
  for (const entry of invalidate) {
    const scope = typeof entry === "string" ? { context: entry } : entry
    if (concerns(scope)) stale = union(stale, scope.function === undefined ? "all" : [scope.function])
  }
  for (const entry of merge.filter(concerns)) {
    const isOurs = Object.entries(entry.params ?? {}).every(([name, value]) => ...)
  }
}
