/* eslint-disable */
"use client"
import type { QueryClient } from "@tanstack/react-query"
import { type Context, createContext, useContext } from "react"
import type { MizanClient } from "./client"

/** The client and the cache of the hooks below a `<MizanContext>`. */
export interface Scope {
  readonly client: MizanClient
  readonly queryClient: QueryClient
}

export const ScopeContext: Context<Scope | null> = /* @__PURE__ */ createContext<Scope | null>(null)

export function useScope(): Scope {
  const scope = useContext(ScopeContext)
  if (scope === null) throw new Error("Mizan hooks need <MizanContext> above them")
  return scope
}

/** The client of the nearest `<MizanContext>`. */
export function useMizan(): MizanClient {
  return useScope().client
}
