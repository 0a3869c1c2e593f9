"use client"
import {
  notifyManager,
  type QueryClient,
  QueryObserver,
  useQuery,
  useQueryErrorResetBoundary,
  type UseQueryResult,
} from "@tanstack/react-query"
import { useCallback, useEffect, useSyncExternalStore } from "react"
import { answerOf } from "./bundle"
import { type ContextBundle, type ContextDef, type ContextKey, contextQuery, readFrom } from "./context"
import type { KnownError, MizanError } from "./errors"
import type { Json } from "./json"
import { fetchContextInto, useParams } from "./reactProvider"
import { useScope } from "./reactScope"

/** One reader's data. Suspends until it has come, and throws the reader's MizanError to the error boundary. */
export function useContextData<P extends object, D extends object, K extends keyof D & string>(
  def: ContextDef<P, D>,
  fn: K,
  given: P | undefined,
): D[K] {
  const { client, queryClient } = useScope()
  const query = contextQuery(client, def, useParams(def, fn, given))
  const { queryKey } = query
  const hash = JSON.stringify(queryKey)
  const subscribe = useCallback(
    (notify: () => void) => new QueryObserver(queryClient, query).subscribe(notifyManager.batchCalls(notify)),
    // Queries of one `hash` are the same query.
    [client, queryClient, hash],
  )
  // The snapshot is this reader's answer, so that a change to another reader does not render the component.
  const snapshot = (): unknown => answerOf(queryClient.getQueryData(queryKey), fn)
  const data = useSyncExternalStore(subscribe, snapshot, snapshot)
  // An error boundary's "try again" is over once the component is on screen, or has failed again.
  const boundary = useQueryErrorResetBoundary()
  useEffect(() => boundary.clearReset(), [boundary])
  // The generated D says what the server sends for `fn`.
  if (data !== undefined) return data as D[K]
  const state = queryClient.getQueryState<ContextBundle<D>, MizanError>(queryKey)
  try {
    if (state?.data !== undefined) return readFrom(def, state.data, fn)
    if (state?.status === "error") throw state.error
  } catch (error) {
    if (!boundary.isReset()) throw error
  }
  throw fetchContextInto(queryClient, query, boundary.isReset()).then(() => boundary.clearReset())
}

/** The parameters of a query hook. One may be undefined while the query is switched off by `enabled`. */
export type ContextQueryParams<P extends object> = { [K in keyof P]: P[K] | undefined }

/** The options of a query hook; see TanStack Query's `useQuery`. */
export interface ContextQueryOptions<T, S = T> {
  enabled?: boolean
  gcTime?: number
  /** Gives the data to show until the first answer. It is passed the data of the parameters before. */
  placeholderData?: (previous: T | undefined) => T | undefined
  refetchInterval?: number | false
  refetchIntervalInBackground?: boolean
  refetchOnMount?: boolean | "always"
  refetchOnReconnect?: boolean | "always"
  refetchOnWindowFocus?: boolean | "always"
  retry?: boolean | number | ((failures: number, error: MizanError) => boolean)
  /** Makes of the data what the component needs. */
  select?: (data: T) => S
  staleTime?: number
}

/** One reader's data as a query, `{ data, error, isPending, refetch, ... }`, without suspense. */
export function useContextQuery<
  P extends object,
  D extends object,
  K extends keyof D & string,
  S = D[K],
  E extends MizanError = KnownError,
>(
  def: ContextDef<P, D>,
  fn: K,
  given: ContextQueryParams<P> | undefined,
  { placeholderData, select: choose, ...options }: ContextQueryOptions<D[K], S> = {},
): UseQueryResult<S, E> {
  const { client, queryClient } = useScope()
  // A parameter is undefined only while the query is switched off, or where the server has a default for it.
  const query = contextQuery(client, def, useParams(def, fn, given as P | undefined))
  const select = useSelect(def, fn, choose)
  const placeholder = (previous: Partial<D> | undefined): Json | undefined => {
    const value = placeholderData?.(previous?.[fn])
    return value === undefined ? undefined : { [fn]: value }
  }
  const result = useQuery<ContextBundle<D>, E, S, ContextKey>(
    // `select` reads one answer, so a bundle with that answer alone will do.
    { ...query, ...options, placeholderData: placeholder as never, select },
    queryClient,
  )
  if (result.isError && result.data !== undefined && isReaderError(queryClient, query.queryKey)) {
    // TanStack Query keeps the data from before the failure, which is not to be shown any more.
    return { ...result, data: undefined, isLoadingError: true, isRefetchError: false }
  }
  return result
}

function useSelect<P extends object, D extends object, K extends keyof D & string, S>(
  def: ContextDef<P, D>,
  fn: K,
  choose: ((data: D[K]) => S) | undefined,
): (bundle: ContextBundle<D>) => S {
  return useCallback(
    (bundle) => {
      const data = readFrom(def, bundle, fn)
      // Where nothing chooses from the data, S is the data's own type.
      return choose ? choose(data) : (data as unknown as S)
    },
    [def, fn, choose],
  )
}

/** Whether an error is that of one reader: the context as a whole was fetched well. */
function isReaderError(queryClient: QueryClient, queryKey: ContextKey): boolean {
  return queryClient.getQueryState(queryKey)?.status === "success"
}
