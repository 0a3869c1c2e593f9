export * from "./contexts"
export * from "./errors"
export * from "./functions"
export * from "./hooks"
export * from "kernel/index"
export {
  type ContextProviderProps,
  type ContextQueryOptions,
  type MizanContextProps,
  type Mutation,
  type MutationOptions,
  preloadContext,
  useMizan,
  usePreload,
} from "kernel/react"
export type * from "./types"
