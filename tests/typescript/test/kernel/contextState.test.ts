import { QueryClient } from "@tanstack/react-query"
import { describe, expect, it, vi } from "vitest"
import { callAddOrder, callUpdateProfile, contextKey, contextQuery, isMizanError, userContext } from "../api"
import { startPair } from "../server/fixtures"
import { idle, startCache, startScreen } from "../server/screens"

const profile = { context: "user", function: "user_profile", params: { id: 5 } }
const orders = { context: "user", function: "user_orders", params: { id: 5 } }

describe("a fetch", () => {
  it("goes on when its last screen leaves and another comes at once", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    startScreen(client, cache).leave()

    const screen = startScreen(client, cache)
    await idle(cache)

    expect(screen.name).toBe("Ada")
    expect(server.lines()).toEqual(["GET ctx/user/?id=5"])
  })

  it("ends when its last screen has left, and leaves nothing that is stale", async () => {
    const signals: (AbortSignal | null | undefined)[] = []
    const { client, server } = await startPair({
      fetch: (url, init) => {
        signals.push(init?.signal)
        return fetch(url, init)
      },
    })
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const held = server.hold("GET ctx")
    client.invalidate(["user"], "push")
    await held.arrived

    screen.leave()
    await idle(cache)

    expect(signals.map((signal) => signal?.aborted)).toEqual([false, true])
    expect(cache.getQueryState(contextKey(userContext, { id: 5 }))).toBeUndefined()
    held.release()
    const again = startScreen(client, cache)
    expect(again.bundle).toBeUndefined()
    await idle(cache)
    expect(again.name).toBe("Ada")
  })

  it("that was overtaken is broken off", async () => {
    const signals: (AbortSignal | null | undefined)[] = []
    const { client } = await startPair({
      fetch: (url, init) => {
        signals.push(init?.signal)
        return fetch(url, init)
      },
    })
    const cache = startCache(client)
    const screen = startScreen(client, cache)

    client.invalidate(["user"], "push")
    await idle(cache)
    void screen.observer.refetch()
    void screen.observer.refetch()
    await idle(cache)

    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false, true, false])
    expect(screen.name).toBe("Ada")
  })
})

describe("a mutation during a fetch", () => {
  it("starts the first fetch over: what was worked out before is never shown", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const held = server.hold("GET ctx")
    const screen = startScreen(client, cache)
    await held.arrived

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    held.release()
    await idle(cache)

    expect(screen.shown.map((bundle) => bundle.user_profile?.name)).toEqual(["Eve"])
  })

  it("starts the first fetch over even before the cache is bound", async () => {
    const { client, server } = await startPair()
    const cache = new QueryClient()
    const held = server.hold("GET ctx")
    const screen = startScreen(client, cache)
    await held.arrived

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    held.release()
    await idle(cache)

    expect(screen.shown.map((bundle) => bundle.user_profile?.name)).toEqual(["Eve"])
  })

  it("starts a prefetch over that is on no screen yet", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const held = server.hold("GET ctx")
    const fetching = cache.fetchQuery(contextQuery(client, userContext, { id: 5 }))
    await held.arrived

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    held.release()

    expect((await fetching).user_profile?.name).toBe("Eve")
  })

  it("starts a later fetch over", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const held = server.hold("GET ctx")
    void screen.observer.refetch()
    await held.arrived

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    await idle(cache)
    held.release()
    await idle(cache)

    expect(screen.shown.map((bundle) => bundle.user_profile?.name)).toEqual(["Ada", "Eve"])
  })

  it("adds its reader to a partial fetch under way", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.forget()
    const held = server.hold("GET ctx")
    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await held.arrived

    server.backend.profiles.set(5, { bio: null, id: 5, name: "Eve" })
    client.invalidate([profile], "push")
    await idle(cache)
    held.release()
    await idle(cache)

    expect(server.lines("GET ctx")).toEqual([
      "GET ctx/user/?id=5&~only=user_orders",
      "GET ctx/user/?id=5&~only=user_orders,user_profile",
    ])
    expect(screen.bundle?.user_orders).toHaveLength(2)
    expect(screen.name).toBe("Eve")
  })

  it("makes a partial fetch a whole one if it changed the whole context", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.forget()
    const held = server.hold("GET ctx")
    client.invalidate([orders], "push")
    await held.arrived

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    await idle(cache)
    held.release()

    expect(server.lines("GET ctx").at(-1)).toBe("GET ctx/user/?id=5")
    expect(screen.name).toBe("Eve")
  })

  it("does not narrow a whole fetch under way to its own reader", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.forget()
    const held = server.hold("GET ctx")
    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    await held.arrived

    client.invalidate([orders], "push")
    await idle(cache)
    held.release()
    await idle(cache)

    expect(server.lines("GET ctx")).toEqual(["GET ctx/user/?id=5", "GET ctx/user/?id=5"])
    expect(screen.name).toBe("Eve")
  })

  it("does not narrow a fetch that the app asked for", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const held = server.hold("GET ctx")
    client.invalidate([orders], "push")
    await held.arrived
    server.forget()
    server.backend.profiles.set(5, { bio: null, id: 5, name: "Changed by someone else" })

    await screen.observer.refetch()
    held.release()
    await idle(cache)

    expect(server.lines("GET ctx")).toEqual(["GET ctx/user/?id=5"])
    expect(screen.name).toBe("Changed by someone else")
  })

  it("does not wait for the pause before a retry to end", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client, 3)
    cache.setDefaultOptions({ queries: { retry: 3, retryDelay: 60_000 } })
    const screen = startScreen(client, cache)
    await idle(cache)
    server.fail("GET ctx", 500, "INTERNAL_ERROR")
    void screen.observer.refetch()
    await vi.waitFor(() => expect(screen.observer.getCurrentResult().failureCount).toBe(1))

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    await idle(cache)

    expect(screen.name).toBe("Eve")
  })
})

describe("a fetch that fails", () => {
  it("fetches everything when it is tried again", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client, 1)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.forget()
    server.fail("GET ctx", 500, "INTERNAL_ERROR")

    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await idle(cache)

    expect(server.lines("GET ctx")).toEqual(["GET ctx/user/?id=5&~only=user_orders", "GET ctx/user/?id=5"])
    expect(screen.bundle?.user_orders).toHaveLength(2)
  })

  it("leaves the context stale, so that the next chance is taken, and for all of it", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.drop("GET ctx")
    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await idle(cache)
    expect(screen.bundle?.user_orders).toHaveLength(1)
    expect(screen.observer.getCurrentResult()).toMatchObject({ isStale: true, status: "error" })
    server.forget()

    startScreen(client, cache)
    await idle(cache)

    expect(server.lines("GET ctx")).toEqual(["GET ctx/user/?id=5"])
    expect(screen.bundle?.user_orders).toHaveLength(2)
    expect(screen.observer.getCurrentResult()).toMatchObject({ isStale: false, status: "success" })
  })

  it("is made up for by a later partial fetch", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.drop("GET ctx")
    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    await idle(cache)
    expect(screen.name).toBe("Ada")

    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await idle(cache)

    expect(screen.name).toBe("Eve")
    expect(screen.bundle?.user_orders).toHaveLength(2)
  })

  it("concerns one reader only where the server refuses that reader", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.fail("GET ctx", 403, "FORBIDDEN")

    client.invalidate([orders], "push")
    await idle(cache)

    expect(screen.name).toBe("Ada")
    expect(screen.bundle?.user_orders).toBeUndefined()
    expect(screen.bundle?.$errors?.["user_orders"]).toMatchObject({ code: "FORBIDDEN" })

    client.invalidate([orders], "push")
    await idle(cache)

    expect(screen.bundle?.user_orders).toHaveLength(1)
    expect(screen.bundle?.$errors).toBeUndefined()
  })

  it("takes away what the server no longer gives", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.fail("GET ctx", 401, "UNAUTHORIZED")

    client.invalidate(["user"], "push")
    await idle(cache)

    expect(screen.bundle).toBeUndefined()
    expect(isMizanError(screen.error, "UNAUTHORIZED")).toBe(true)
    expect(cache.getQueryData(contextKey(userContext, { id: 5 }))).toBeUndefined()
  })
})
