/* eslint-disable */
export { bindCache } from "./cache"
export { call, type CallOptions, configureMizan, MizanClient, type MizanClientOptions, type MizanToken } from "./client"
export {
  type ContextBundle,
  type ContextDef,
  type ContextKey,
  contextKey,
  type ContextQuery,
  contextQuery,
  fetchContext,
  fetchFrom,
  readFrom,
} from "./context"
export { isMizanError, type KnownError, type KnownErrorCode, MizanError, NetworkError, ValidationError } from "./errors"
export { hydrate, type HydratedContext, type HydrationPayload, readHydration } from "./hydration"
export type { Invalidation, InvalidationEvent } from "./invalidation"
export { crossTab } from "./live"
export { type Patch, patch } from "./patch"
export type { QueryCacheLike } from "./queries"
export {
  type Base64,
  type BigIntText,
  type DateOnly,
  type DateTime,
  type Decimal,
  type Duration,
  fromBigInt,
  fromBytes,
  type TimeOnly,
  toBigInt,
  toBytes,
  toDate,
  type Uuid,
} from "./scalars"
