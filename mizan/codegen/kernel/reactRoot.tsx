"use client"
import { QueryClient, QueryClientContext } from "@tanstack/react-query"
import { type ReactNode, Suspense, useContext, useEffect, useRef, useState } from "react"
import { bindCache } from "./cache"
import { adoptClient, configureMizan, MizanClient, type MizanClientOptions } from "./client"
import type { ContextDef } from "./context"
import { isFinal, isMizanError } from "./errors"
import { hydrate, type HydrationPayload, readHydration } from "./hydration"
import { EVERYTHING } from "./invalidation"
import { Prefetch } from "./reactProvider"
import { type Scope, ScopeContext } from "./reactScope"

export interface MizanContextProps extends MizanClientOptions {
  children?: ReactNode
  /** A client made elsewhere. The client options here are then not used. */
  client?: MizanClient
  /** The app's own QueryClient. Default: that of a QueryClientProvider above, else a new one. */
  queryClient?: QueryClient
  /** Data known beforehand. Default: the page's `<script type="application/json" id="mizan-data">`. */
  hydration?: HydrationPayload
  /** Shown while components below wait for data. */
  fallback?: ReactNode
}

/** Ties a client and a cache to something outside React; returns the undo. */
export type Binding = (client: MizanClient, queryClient: QueryClient) => () => void

export interface MizanRootProps extends MizanContextProps {
  /** The global context, where the server has one. */
  global: ContextDef<object, object> | undefined
  bindings: readonly Binding[]
}

export function MizanRoot(props: MizanRootProps): ReactNode {
  const { bindings, children, fallback, global } = props
  const outer = useContext(QueryClientContext)
  const [scope] = useState(() => openScope(props, outer))
  const { client, queryClient } = scope
  // The cache does not follow the client between the first render and its effects, nor while React hides the tree.
  const seen = useRef(scope.revision)
  useEffect(() => {
    const undo = [bindCache(client, queryClient, seen.current), ...bindings.map((bind) => bind(client, queryClient))]
    queryClient.mount()
    // A page that Back brings back from memory has missed what happened since it was left.
    const comeBack = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) client.invalidate([EVERYTHING], "push")
    }
    globalThis.addEventListener?.("pageshow", comeBack)
    return () => {
      globalThis.removeEventListener?.("pageshow", comeBack)
      queryClient.unmount()
      seen.current = client.revision
      for (const each of undo) each()
    }
  }, [client, queryClient, bindings])
  return (
    <ScopeContext.Provider value={scope}>
      <QueryClientContext.Provider value={queryClient}>
        {global && <Prefetch def={global} params={{}} />}
        {/* Below the state above: a tree that suspends while it mounts loses its state. */}
        <Suspense fallback={fallback}>{children}</Suspense>
      </QueryClientContext.Provider>
    </ScopeContext.Provider>
  )
}

function openScope(props: MizanRootProps, outer: QueryClient | undefined): Scope & { revision: number } {
  const { bindings, children, client: given, fallback, global, hydration, queryClient: own, ...options } = props
  const payload = hydration ?? readHydration()
  const client = openClient(given, payload?.csrfToken ? { csrfToken: payload.csrfToken, ...options } : options)
  const queryClient = own ?? outer ?? newQueryClient()
  // The page's data is as old as the page, and must not be used once anything has changed.
  if (hydration ?? client.revision === 0) hydrate(queryClient, payload, hydration ? Date.now() : pageTime())
  return { client, queryClient, revision: client.revision }
}

/** When the page's data was made, as far as the browser tells: long ago, where Back took the page from a cache. */
function pageTime(): number {
  const [navigation] = performance.getEntriesByType?.("navigation") ?? []
  const isBack = navigation && Reflect.get(navigation, "type") === "back_forward"
  return isBack ? 0 : performance.timeOrigin
}

function openClient(given: MizanClient | undefined, options: MizanClientOptions): MizanClient {
  // A server renders for several users side by side, so each tree gets a client of its own.
  if (typeof window === "undefined") return given ?? new MizanClient(options)
  return given === undefined ? adoptClient(options) : configureMizan(given)
}

function newQueryClient(): QueryClient {
  // In seconds: what the server asked for in its error, else twice as long after each failure.
  const wait = (failures: number, error: Error): number => (isMizanError(error) && error.retryAfter) || 2 ** failures
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A server that renders the page does not keep its visitor waiting: the browser tries again.
        retry: (failures, error) =>
          typeof window !== "undefined" && failures < 2 && !isFinal(error) && wait(failures, error) <= 30,
        retryDelay: (failures, error) => wait(failures, error) * 1000,
      },
    },
  })
}
