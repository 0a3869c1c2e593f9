import { QueryClient, QueryObserver } from "@tanstack/react-query"
import { bindCache } from "kernel/cache"
import type { MizanClient } from "kernel/client"
import { type ContextBundle, contextQuery } from "kernel/context"
import { onTestFinished } from "vitest"
import { turn } from "./fixtures"
import { type UserContextData, type UserContextParams, userContext } from "../api"

/** A cache that follows a client, without any framework. */
export function startCache(client: MizanClient, retry: boolean | number = false): QueryClient {
  const cache = new QueryClient({ defaultOptions: { queries: { retry, retryDelay: 1 } } })
  cache.mount()
  const unbind = bindCache(client, cache)
  onTestFinished(() => {
    unbind()
    cache.clear()
    cache.unmount()
  })
  return cache
}

/** What a component that reads the `user` context has on screen. */
export interface Screen {
  /** Every different bundle that was shown. */
  shown: ContextBundle<UserContextData>[]
  readonly name: string | undefined
  readonly bundle: ContextBundle<UserContextData> | undefined
  readonly error: Error | null
  observer: QueryObserver<ContextBundle<UserContextData>>
  leave: () => void
}

export function startScreen(client: MizanClient, cache: QueryClient, params: UserContextParams = { id: 5 }): Screen {
  const observer = new QueryObserver<ContextBundle<UserContextData>>(cache, {
    ...contextQuery(client, userContext, params),
    // The generic observer wants a query function that takes its own context, which has the cache.
    queryKey: [...contextQuery(client, userContext, params).queryKey],
  })
  const shown: ContextBundle<UserContextData>[] = []
  const leave = observer.subscribe(({ data }) => {
    if (data !== undefined && data !== shown.at(-1)) shown.push(data)
  })
  onTestFinished(leave)
  return {
    observer,
    shown,
    leave,
    get bundle() {
      return observer.getCurrentResult().data
    },
    get name() {
      return observer.getCurrentResult().data?.user_profile?.name
    },
    get error() {
      return observer.getCurrentResult().error
    },
  }
}

/** Waits until a cache has nothing under way, and has told its screens so. */
export async function idle(cache: QueryClient): Promise<void> {
  do await turn()
  while (cache.isFetching() > 0)
}
