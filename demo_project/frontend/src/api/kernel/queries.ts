/* eslint-disable */
/** The part of a query of TanStack Query 5 that the kernel uses. */
export interface CachedQuery {
  readonly queryKey: readonly unknown[]
  readonly state: {
    readonly data: unknown
    readonly dataUpdatedAt: number
    readonly fetchStatus: string
    readonly isInvalidated: boolean
  }
  readonly promise: Promise<unknown> | undefined
  cancel(options: { revert: boolean; silent: boolean }): Promise<void>
  fetch(options: undefined, fetchOptions: { cancelRefetch: boolean }): Promise<unknown>
  getObserversCount(): number
  invalidate(): void
  isActive(): boolean
  setData(data: unknown, options: { manual: boolean; updatedAt: number }): unknown
  setState(state: { data?: undefined; dataUpdatedAt: number }): void
}

export interface QueryEvent {
  type: string
  query: CachedQuery
  action?: { type: string; error?: unknown; manual?: boolean | undefined }
}

/** The part of a QueryClient that the kernel uses. The clients of React, Vue, Svelte and Solid all fit. */
export interface QueryCacheLike {
  getQueryCache(): {
    find(filters: { queryKey: readonly unknown[]; exact: true }): CachedQuery | undefined
    getAll(): readonly CachedQuery[]
    remove(query: CachedQuery): void
    subscribe(listener: (event: QueryEvent) => void): () => void
  }
  getQueryData(queryKey: readonly unknown[]): unknown
  setQueryData(queryKey: readonly unknown[], data: unknown, options?: { updatedAt?: number }): unknown
}

export function findQuery(cache: QueryCacheLike, queryKey: readonly unknown[]): CachedQuery | undefined {
  return cache.getQueryCache().find({ queryKey, exact: true })
}

/** Replaces a query's data. The query stays as stale, and as old, as it was. */
export function replaceData(query: CachedQuery, data: unknown): void {
  const { dataUpdatedAt, isInvalidated } = query.state
  query.setData(data, { manual: true, updatedAt: dataUpdatedAt })
  if (isInvalidated) query.invalidate()
}
