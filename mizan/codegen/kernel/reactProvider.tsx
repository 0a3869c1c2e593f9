"use client"
import type { QueryClient } from "@tanstack/react-query"
import { type Context, createContext, type ReactNode, Suspense, useContext, useEffect, useMemo } from "react"
import { type ContextBundle, type ContextDef, contextKey, type ContextQuery, contextQuery } from "./context"
import { useScope } from "./reactScope"

export type ContextProviderProps<P extends object> = P & {
  children?: ReactNode
  /** Shown while readers below wait for their data. Without it the next boundary above shows its own. */
  fallback?: ReactNode
}

/** Names the instance of a context that the hooks below read, and starts to fetch it. */
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
  // Equal parameters stay the same object, so that a provider that renders again leaves its readers alone.
  const params = useMemo(() => JSON.parse(hash) as P, [hash]) // contextKey() made it of a P
  return (
    <Provider value={params}>
      <Prefetch def={def} params={params} />
      {fallback === undefined ? children : <Suspense fallback={fallback}>{children}</Suspense>}
    </Provider>
  )
}

/** Starts a fetch when it mounts, be there readers yet or not. */
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
    // `hash` stands for def and params.
    [client, queryClient, hash],
  )
  return null
}

/** Fetches a context that is not there or no longer fresh. Never rejects: the outcome is in the cache. */
export async function fetchContextInto<D extends object>(
  queryClient: QueryClient,
  query: ContextQuery<D>,
  isForced = false,
): Promise<void> {
  const { gcTime = 300_000, retry = 3 } = queryClient.defaultQueryOptions<ContextBundle<D>>(query)
  await queryClient.prefetchQuery({
    ...query,
    // Long enough for the reader that waits for it to be on screen.
    gcTime: Math.max(gcTime, 1000),
    // Left out, there would be no retries at all.
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

// Made on first use, because nothing may run when the module is imported.
const paramsContexts = /* @__PURE__ */ new WeakMap<object, Context<object | null>>()

function paramsContext<P extends object, D extends object>(def: ContextDef<P, D>): Context<P | null> {
  let context = paramsContexts.get(def)
  if (context === undefined) {
    context = createContext<object | null>(null)
    paramsContexts.set(def, context)
  }
  // Only providers of this def put something in its context.
  return context as unknown as Context<P | null>
}
