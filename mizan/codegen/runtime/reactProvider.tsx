"use client"
import { type Context, createContext, type ReactNode, Suspense, useContext, useEffect, useMemo } from "react"
import { type ContextDef, contextKey, contextQuery } from "./context"
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
  useEffect(() => {
    const query = contextQuery(client, def, params)
    // A reader that joins this fetch expects the usual retries; prefetchQuery alone makes none.
    const { retry = 3 } = queryClient.defaultQueryOptions(query)
    void queryClient.prefetchQuery({ ...query, retry })
    // `hash` stands for def and params.
  }, [client, queryClient, hash])
  return null
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
  throw new Error(`${fn} needs { ${def.params.join(", ")} } or the provider of the "${def.name}" context above it`)
}

// Made on first use, because nothing may run when the module is imported.
const paramsContexts = /* @__PURE__ */ new WeakMap<object, Context<object | null>>()

function paramsContext<P extends object, D extends object>(def: ContextDef<P, D>): Context<P | null> {
  let context = paramsContexts.get(def)
  if (context === undefined) {
    context = createContext<object | null>(null)
    context.displayName = `Mizan(${def.name})`
    paramsContexts.set(def, context)
  }
  // Only providers of this def put something in its context.
  return context as unknown as Context<P | null>
}
