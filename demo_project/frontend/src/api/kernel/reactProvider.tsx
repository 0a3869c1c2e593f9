/* eslint-disable */
"use client"
import type { QueryClient } from "@tanstack/react-query"
import {
  type Context,
  createContext,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useMemo,
} from "react"
import { type ContextBundle, type ContextDef, contextKey, type ContextQuery, contextQuery } from "./context"
import { contextStateOf } from "./contextState"
import { findQuery } from "./queries"
import { type Scope, useScope } from "./reactScope"

export type ContextProviderProps<P extends object> = P & {
  children?: ReactNode
  /** Shown while components below wait for data. Unless given, the next boundary above shows its own fallback. */
  fallback?: ReactNode
}

/** Names the instance of a context that the hooks below read, and starts to fetch that instance. */
export function ContextProvider<P extends object, D extends object>({
  def,
  props,
}: {
  def: ContextDef<P, D>
  props: ContextProviderProps<P>
}): ReactNode {
  const { children, fallback } = props
  const { Provider } = paramsContext(def)
  const hash = JSON.stringify(contextKey(def, props)[2])
  // Equal parameters stay the same object: when the provider renders again, the components below need not.
  const params = useMemo(() => JSON.parse(hash) as P, [hash]) // contextKey() made the hash of a P
  return (
    <Provider value={params}>
      <Prefetch def={def} params={params} />
      {fallback === undefined ? children : <Suspense fallback={fallback}>{children}</Suspense>}
    </Provider>
  )
}

/** Starts a fetch, whether a component reads the context yet or not. */
export function Prefetch<P extends object, D extends object>({
  def,
  params,
}: {
  def: ContextDef<P, D>
  params: P
}): null {
  const scope = useScope()
  const { client, queryClient } = scope
  const hash = JSON.stringify(contextKey(def, params))
  // In a tree that suspends while it mounts no effect runs, so the first fetch cannot wait for one. On a server the
  // readers fetch what they need.
  if (typeof window !== "undefined") preload(scope, def, params)
  useEffect(() => {
    void fetchContextInto(queryClient, contextQuery(client, def, params))
    const query = findQuery(queryClient, contextKey(def, params))
    return query && contextStateOf(query).hold(queryClient)
    // The same `hash` means the same def and params.
  }, [client, queryClient, hash])
  return null
}

/**
 * Gives a function that starts to fetch a context which the cache does not have. It may be called while rendering, for
 * several contexts before the first of their readers suspends, and in event handlers.
 */
export function usePreload(): <P extends object, D extends object>(def: ContextDef<P, D>, params: P) => void {
  const scope = useScope()
  return useCallback((def, params) => preload(scope, def, params), [scope])
}

function preload<P extends object, D extends object>(scope: Scope, def: ContextDef<P, D>, params: P): void {
  if (scope.queryClient.getQueryState(contextKey(def, params)) === undefined) void preloadContext(scope, def, params)
}

/**
 * Fetches a context before it is shown, unless the cache has fresh data: in a router's loader, for instance. The
 * promise never rejects; who reads the context is told of a failure.
 */
export function preloadContext<P extends object, D extends object>(
  { client, queryClient }: Scope,
  def: ContextDef<P, D>,
  params: P,
): Promise<void> {
  return fetchContextInto(queryClient, contextQuery(client, def, params))
}

/** Fetches a context, unless the cache has fresh data. The promise never rejects: the outcome is in the cache. */
export async function fetchContextInto<D extends object>(
  queryClient: QueryClient,
  query: ContextQuery<D>,
  isForced = false,
): Promise<void> {
  const { gcTime = 300_000, ...options } = queryClient.defaultQueryOptions<ContextBundle<D>>(query)
  // Long enough for the waiting component to come on screen.
  const fetched = { ...options, gcTime: Math.max(gcTime, 1000) }
  // This is what `prefetchQuery` of older versions and `query` of newer ones do.
  const cached = queryClient.getQueryCache().build<ContextBundle<D>, Error, ContextBundle<D>>(queryClient, fetched)
  if (isForced || cached.isStaleByTime(query.staleTime)) await cached.fetch(fetched).catch(() => {})
}

/** The parameters given, else those of the nearest provider. */
export function useParams<P extends object, D extends object>(
  def: ContextDef<P, D>,
  fn: string,
  given: P | undefined,
): P {
  const provided = useContext(paramsContext(def))
  const params = given ?? provided
  if (params !== null) return params
  // A context without parameters needs no provider.
  if (def.params.length === 0) return {} as P
  throw new Error(`${fn} needs { ${def.params.join(", ")} } or their provider above it`)
}

// A context is made on first use, because nothing may run when the module is imported.
const paramsContexts = /* @__PURE__ */ new WeakMap<object, Context<object | null>>()

function paramsContext<P extends object, D extends object>(def: ContextDef<P, D>): Context<P | null> {
  let context = paramsContexts.get(def)
  if (context === undefined) {
    context = createContext<object | null>(null)
    paramsContexts.set(def, context)
  }
  // Only a provider of this def gives the context a value, which is a P.
  return context as unknown as Context<P | null>
}
