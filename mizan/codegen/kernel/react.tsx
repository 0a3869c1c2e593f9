"use client"
// What generated hooks import. In the kernel, only files whose names begin with "react" know React and TanStack Query.
export { type MutationOptions, type Mutation, useCall } from "./reactMutation"
export { ContextProvider, type ContextProviderProps, preloadContext, usePreload } from "./reactProvider"
export { type ContextQueryOptions, type ContextQueryParams, useContextData, useContextQuery } from "./reactReaders"
export { type Binding, type MizanContextProps, MizanRoot, type MizanRootProps } from "./reactRoot"
export { useMizan } from "./reactScope"
