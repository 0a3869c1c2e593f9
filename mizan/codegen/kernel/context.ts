import { type Bundle, loadBundle, readSlot, slotsOf } from "./bundle"
import { type CallOptions, clientFor, type MizanClient } from "./client"
import type { Failure } from "./errors"
import { renew } from "./freshness"
import type { Slots } from "./invalidation"
import { type Json, share } from "./json"
import { findQuery, type QueryCacheLike } from "./queries"

/** A named context: functions that one request answers together. */
export interface ContextDef<P extends object, D extends object> {
  readonly name: string
  /** Names of the parameters, in the order of the provider's props. */
  readonly params: readonly string[]
  /** Functions that not everybody may call: for the others they read as null. */
  readonly restricted?: readonly string[]
  /** Never set: says to the compiler what the parameters and the data look like. */
  readonly types?: readonly [P, D]
}

/** A context's answer as it is cached; a function that failed on its own is under `$errors`. */
export type ContextBundle<D extends object> = Partial<D> & { $errors?: Record<string, Failure> }

export type ContextKey = readonly ["mizan", string, Json]

/** The key of a context in a cache; a parameter that is null or left out is not in it. */
export function contextKey<P extends object, D extends object>(def: ContextDef<P, D>, params: P): ContextKey {
  return keyOf(
    def.name,
    Object.entries(params).filter(([name]) => def.params.includes(name)),
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
    // TanStack's signal is left alone, or a fetch would be broken off whenever its last reader leaves, as every reader
    // does once in React's StrictMode. `renew` stops a fetch that was overtaken.
    queryFn: ({ client: cache }) => {
      const load = (slots: Slots, signal?: AbortSignal): Promise<Bundle> =>
        loadBundle(client, def, queryKey[2], slots, { signal })
      const query = cache && findQuery(cache, queryKey)
      // What the server sends for this context is what the generated D says.
      return (query ? renew(client, query, load) : load(null)) as Promise<ContextBundle<D>>
    },
    staleTime: 60_000,
    structuralSharing: (previous, next) => share(previous, next),
  }
}

/** Every function of a context in one request. Rejects with the error of a function that failed. */
export async function fetchContext<P extends object, D extends object>(
  def: ContextDef<P, D>,
  params: P,
  options: CallOptions = {},
): Promise<D> {
  const bundle = await loadBundle(clientFor(options), def, contextKey(def, params)[2], null, options)
  // Every slot was read or has thrown, so this is a whole D.
  return Object.fromEntries(slotsOf(def, bundle).map((slot) => [slot, readSlot(def, bundle, slot)])) as D
}

/** One function of a context. */
export async function fetchFrom<P extends object, D extends object, K extends keyof D & string>(
  def: ContextDef<P, D>,
  fn: K,
  params: P,
  options: CallOptions = {},
): Promise<D[K]> {
  const bundle = await loadBundle(clientFor(options), def, contextKey(def, params)[2], [fn], options)
  // The slot of `fn` holds a D[K].
  return readSlot(def, bundle, fn) as D[K]
}

/** One function's data out of a cached context. Throws its MizanError where it failed. */
export function readFrom<P extends object, D extends object, K extends keyof D & string>(
  def: ContextDef<P, D>,
  bundle: ContextBundle<D>,
  fn: K,
): D[K] {
  // The slot of `fn` holds a D[K].
  return readSlot(def, bundle, fn) as D[K]
}
