/* eslint-disable */
"use client"
import type { QueryClient } from "@tanstack/react-query"
import { type Context, createContext, type ReactNode, Suspense, useContext, useEffect, useMemo } from "react"
import { type ContextBundle, type ContextDef, contextKey, type ContextQuery, contextQuery } from "./context"
import { useScope } from "./reactScope"

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

/** Starts a fetch when it mounts, whether a component reads the context yet or not. */
export function Prefetch<P extends object, D extends object>({
  def,
  params,
}: {
  def: ContextDef<P, D>
  params: P
}): null {
  const { client, queryClient } = useScope()
  const hash = JSON.stringify(contextKey(def, params))
  useEffect(
    () => void fetchContextInto(queryClient, contextQuery(client, def, params)),
    // The same `hash` means the same def and params.
    [client, queryClient, hash],
  )
  return null
}

/** Fetches a context, unless the cache has fresh data. The promise never rejects: the outcome is in the cache. */
export async function fetchContextInto<D extends object>(
  queryClient: QueryClient,
  query: ContextQuery<D>,
  isForced = false,
): Promise<void> {
  const { gcTime = 300_000, retry = 3 } = queryClient.defaultQueryOptions<ContextBundle<D>>(query)
  await queryClient.prefetchQuery({
    ...query,
    // Long enough for the waiting component to come on screen.
    gcTime: Math.max(gcTime, 1000),
    // `prefetchQuery` does not retry unless it is told to.
    retry,
    staleTime: isForced ? 0 : query.staleTime,
  })
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
