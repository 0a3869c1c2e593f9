import { QueryClient } from "@tanstack/react-query"
import { describe, expect, it } from "vitest"
import { contextKey, hydrate, type HydrationPayload, readHydration, userContext } from "../api"

const payload: HydrationPayload = {
  v: 1,
  contexts: [{ name: "user", params: { page: null, id: 5 }, data: { user_profile: { name: "Ada" } } }],
}

describe("hydrate", () => {
  it("puts contexts where components look", () => {
    const cache = new QueryClient()

    hydrate(cache, payload, 1000)

    const state = cache.getQueryState(contextKey(userContext, { id: 5 }))
    expect(state?.data).toEqual({ user_profile: { name: "Ada" } })
    expect(state?.dataUpdatedAt).toBe(1000)
  })

  it("leaves what is in the cache alone", () => {
    const cache = new QueryClient()
    cache.setQueryData(contextKey(userContext, { id: 5 }), { user_profile: { name: "Newer" } })

    hydrate(cache, payload)

    expect(cache.getQueryData(contextKey(userContext, { id: 5 }))).toEqual({ user_profile: { name: "Newer" } })
  })
})

describe("readHydration", () => {
  it("finds nothing where there is no page", () => {
    expect(readHydration()).toBeUndefined()
  })
})
