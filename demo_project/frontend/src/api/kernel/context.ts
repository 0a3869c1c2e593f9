/* eslint-disable */
import { type Bundle, loadBundle, readAnswer, readersOf } from "./bundle"
import { type CallOptions, clientFor, type MizanClient } from "./client"
import { contextStateOf } from "./contextState"
import type { ErrorClass, Failure } from "./errors"
import type { Readers } from "./invalidation"
import { type Json, share } from "./json"
import { findQuery, type QueryCacheLike } from "./queries"

/** A named context: readers that one request answers together. */
export interface ContextDef<P extends object, D extends object> {
  readonly name: string
  /** Names of the parameters, in the order of the provider's props. */
  readonly params: readonly string[]
  /** Values that the server takes for parameters that are left out. */
  readonly defaults?: Readonly<Record<string, unknown>>
  /** Readers that not everybody may call. Whoever may not call one gets null. */
  readonly restricted?: readonly string[]
  /** The classes of the errors that readers declare by `raises=`. */
  readonly errors?: readonly ErrorClass[]
  /** Never set. It tells the compiler the types of the parameters and of the data. */
  readonly types?: readonly [P, D]
}

/** A context's answer as it is cached; a reader that failed on its own is under `$errors`. */
export type ContextBundle<D extends object> = Partial<D> & { $errors?: Record<string, Failure> }

export type ContextKey = readonly ["mizan", string, Json]

/** The key of a context in a cache, without the parameters that are null, left out, or at their default. */
export function contextKey<P extends object, D extends object>(def: ContextDef<P, D>, params: P): ContextKey {
  return keyOf(
    def.name,
    Object.entries(params).filter(
      ([name, value]) => def.params.includes(name) && JSON.stringify(value) !== JSON.stringify(def.defaults?.[name]),
    ),
  )
}

export function keyOf(name: string, params: readonly (readonly [string, unknown])[]): ContextKey {
  return ["mizan", name, Object.fromEntries(params.filter(([, value]) => value != null))]
}

export interface ContextQuery<D extends object> {
  queryKey: ContextKey
  queryFn: (context: { client?: QueryCacheLike }) => Promise<ContextBundle<D>>
  staleTime: number
  structuralSharing: (previous: unknown, next: unknown) => unknown
}

/** Options that the TanStack Query adapter of any framework takes as they are. */
export function contextQuery<P extends object, D extends object>(
  client: MizanClient,
  def: ContextDef<P, D>,
  params: P,
): ContextQuery<D> {
  const queryKey = contextKey(def, params)
  return {
    queryKey,
    // TanStack's signal is not used: it would end a fetch at once when the last component leaves, as each does once in
    // React's StrictMode. `endIfUnseen` ends it a little later, and `renew` one that a change has overtaken.
    queryFn: ({ client: cache }) => {
      const load = (readers: Readers, signal?: AbortSignal): Promise<Bundle> =>
        loadBundle(client, def, queryKey[2], readers, { signal })
      const query = cache && findQuery(cache, queryKey)
      // The generated D says what the server sends for this context.
      return (query ? contextStateOf(query).renew(client, load) : load(null)) as Promise<ContextBundle<D>>
    },
    staleTime: 60_000,
    structuralSharing: (previous, next) => share(previous, next),
  }
}

/** Every reader of a context in one request. Rejects with the error of a reader that failed. */
export async function fetchContext<P extends object, D extends object>(
  def: ContextDef<P, D>,
  params: P,
  options: CallOptions = {},
): Promise<D> {
  const bundle = await loadBundle(clientFor(options), def, contextKey(def, params)[2], null, options)
  // No reader is missing, because one that failed has thrown: this is a whole D.
  return Object.fromEntries(readersOf(def, bundle).map((reader) => [reader, readAnswer(def, bundle, reader)])) as D
}

/** One reader of a context. */
export async function fetchFrom<P extends object, D extends object, K extends keyof D & string>(
  def: ContextDef<P, D>,
  fn: K,
  params: P,
  options: CallOptions = {},
): Promise<D[K]> {
  const bundle = await loadBundle(clientFor(options), def, contextKey(def, params)[2], [fn], options)
  // The generated D says what the server sends for `fn`.
  return readAnswer(def, bundle, fn) as D[K]
}

/** One reader's data out of a cached context. Throws the MizanError of a reader that failed. */
export function readFrom<P extends object, D extends object, K extends keyof D & string>(
  def: ContextDef<P, D>,
  bundle: ContextBundle<D>,
  fn: K,
): D[K] {
  // The generated D says what the server sends for `fn`.
  return readAnswer(def, bundle, fn) as D[K]
}
