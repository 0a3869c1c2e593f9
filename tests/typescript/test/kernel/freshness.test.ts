import { QueryClient } from "@tanstack/react-query"
import { bindCache, refetched } from "kernel/cache"
import { describe, expect, it } from "vitest"
import {
  callAddOrder,
  callRename,
  callUpdateProfile,
  contextKey,
  contextQuery,
  isMizanError,
  userContext,
} from "../api"
import { pause, startPair } from "../server/fixtures"
import { idle, startCache, startScreen } from "../server/screens"

const profile = { context: "user", function: "user_profile", params: { id: 5 } }
const orders = { context: "user", function: "user_orders", params: { id: 5 } }

describe("a mutation that changes a context", () => {
  it("has it fetched again for the screens that show it, once", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    startScreen(client, cache, { id: 6 })
    await idle(cache)
    server.forget()

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    await idle(cache)

    expect(screen.name).toBe("Eve")
    expect(server.lines("GET ctx")).toEqual(["GET ctx/user/?id=5"])
  })

  it("fetches only the reader that it names, and leaves the others as they are", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const before = screen.bundle
    server.forget()

    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await idle(cache)

    expect(server.lines("GET ctx")).toEqual(["GET ctx/user/?id=5&~only=user_orders"])
    expect(screen.bundle?.user_orders).toHaveLength(2)
    expect(screen.bundle?.user_profile).toBe(before?.user_profile)
    expect(screen.bundle?.user_orders?.[0]).toBe(before?.user_orders?.[0])
  })

  it("does not make the other readers look younger than they are", async () => {
    const { client } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const { dataUpdatedAt } = screen.observer.getCurrentResult()
    await pause(5)

    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await idle(cache)

    expect(screen.bundle?.user_orders).toHaveLength(2)
    expect(screen.observer.getCurrentResult()).toMatchObject({ dataUpdatedAt, isStale: false })
  })

  it("reaches every cache that follows the client, and costs one request however often one is bound", async () => {
    const { client, server } = await startPair()
    const caches = [startCache(client), startCache(client)] as const
    const unbind = bindCache(client, caches[0])
    const screens = caches.map((cache) => startScreen(client, cache))
    await Promise.all(caches.map(idle))
    server.forget()

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    await Promise.all(caches.map(idle))
    unbind()
    await callUpdateProfile({ id: 5, name: "Eva" }, { client })
    await Promise.all(caches.map(idle))

    expect(screens.map(({ name }) => name)).toEqual(["Eva", "Eva"])
    expect(server.lines("GET ctx")).toHaveLength(4)
  })

  it("drops what is on no screen: the next screen waits for new data instead of showing old", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    startScreen(client, cache).leave()
    await idle(cache)
    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    server.forget()

    const screen = startScreen(client, cache)
    await idle(cache)

    expect(screen.shown.map((bundle) => bundle.user_profile?.name)).toEqual(["Eve"])
    expect(server.lines("GET ctx")).toHaveLength(1)
  })

  it("leaves alone what is not a context of ours", async () => {
    const { client } = await startPair()
    const cache = startCache(client)
    cache.setQueryData(["posts", "user", {}], "theirs")

    client.invalidate(["user"], "push")

    expect(cache.getQueryState(["posts", "user", {}])).toMatchObject({ data: "theirs", isInvalidated: false })
  })

  it("leaves a screen that is switched off its data, and fetches when the screen is switched on", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    screen.observer.setOptions({ ...screen.observer.options, enabled: false })

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    await idle(cache)
    expect(screen.name).toBe("Ada")
    server.forget()
    screen.observer.setOptions({ ...screen.observer.options, enabled: true })
    await idle(cache)

    expect(screen.name).toBe("Eve")
    expect(server.lines("GET ctx")).toEqual(["GET ctx/user/?id=5"])
  })

  it("can be waited for", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const first = server.hold("GET ctx")
    client.invalidate([profile], "push")
    await first.arrived

    const waiting = refetched(cache, { invalidate: [profile] })
    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    first.release()
    await waiting

    expect(screen.name).toBe("Eve")
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
    while (screen.observer.getCurrentResult().failureCount === 0) await pause(1)

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

describe("a value that comes with the answer", () => {
  it("is shown at once, without a request and with the other readers as they are", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    const other = startScreen(client, cache, { id: 6 })
    await idle(cache)
    const { user_orders } = screen.bundle ?? {}
    server.forget()

    await callRename({ id: 5, name: "Eve" }, { client })

    expect(screen.name).toBe("Eve")
    expect(screen.bundle?.user_orders).toBe(user_orders)
    expect(other.name).toBe("Bob")
    await idle(cache)
    expect(server.lines("GET ctx")).toEqual([])
  })

  it("is put in a context that is on no screen at the moment", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    startScreen(client, cache).leave()
    await idle(cache)

    await callRename({ id: 5, name: "Eve" }, { client })

    expect(startScreen(client, cache).name).toBe("Eve")
    expect(server.lines("GET ctx")).toHaveLength(1)
  })

  it("is not overwritten by a fetch that began before", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const held = server.hold("GET ctx")
    void screen.observer.refetch()
    await held.arrived

    await callRename({ id: 5, name: "Eve" }, { client })
    expect(screen.name).toBe("Eve")
    held.release()
    await idle(cache)

    expect(screen.shown.map((bundle) => bundle.user_profile?.name)).toEqual(["Ada", "Eve"])
  })

  it("starts the first fetch over, which began before", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const held = server.hold("GET ctx")
    const screen = startScreen(client, cache)
    await held.arrived

    await callRename({ id: 5, name: "Eve" }, { client })
    held.release()
    await idle(cache)

    expect(screen.shown.map((bundle) => bundle.user_profile?.name)).toEqual(["Eve"])
  })

  it("does not make a stale context look fresh", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    server.drop("GET ctx")
    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await idle(cache)

    await callRename({ id: 5, name: "Eve" }, { client })

    expect(screen.name).toBe("Eve")
    expect(screen.observer.getCurrentResult().isStale).toBe(true)
  })

  it("is not trusted if the context has changed otherwise since the call was sent", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const late = server.hold("POST call/rename/")
    const first = callRename({ id: 5, name: "First" }, { client })
    await late.arrived
    await callRename({ id: 5, name: "Second" }, { client })
    expect(screen.name).toBe("Second")
    server.forget()

    late.release()
    await first
    await idle(cache)

    expect(screen.shown.map((bundle) => bundle.user_profile?.name)).toEqual(["Ada", "Second"])
    expect(server.lines("GET ctx")).toEqual(["GET ctx/user/?id=5&~only=user_profile"])
  })

  it("is fetched for a screen that left out the parameter of the value", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    // @ts-expect-error -- as a context whose parameter has a default
    startScreen(client, cache, {})
    await idle(cache)
    server.forget()

    await callRename({ id: 5, name: "Eve" }, { client })
    await idle(cache)

    expect(server.lines("GET ctx")).toHaveLength(1)
  })

  it("keeps __proto__ keys as data and never changes a prototype", async () => {
    const { client, server } = await startPair({ csrfToken: "csrf-1" })
    const cache = startCache(client)
    const screen = startScreen(client, cache)
    await idle(cache)
    const evil = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"id":5,"name":"Eve"}'
    const merge = (reader: string): string =>
      `{"context":"user","function":"${reader}","params":{"id":5},"value":${evil}}`
    server.reply("POST", {
      status: 200,
      body: `{"result":null,"merge":[${merge("user_profile")},${merge("__proto__")}]}`,
    })

    await callRename({ id: 5, name: "Eve" }, { client })

    const shown = screen.bundle?.user_profile as unknown as Record<string, unknown>
    expect(JSON.stringify(shown)).toBe(evil)
    expect(shown["isAdmin"]).toBeUndefined()
    expect(Object.getPrototypeOf(screen.bundle)).toBe(Object.prototype)
    expect((screen.bundle as unknown as Record<string, unknown>)["name"]).toBeUndefined()
    expect(({} as Record<string, unknown>)["isAdmin"]).toBeUndefined()
  })
})

describe("a cache that did not follow its client for a while", () => {
  it("fetches what it may have missed", async () => {
    const { client, server } = await startPair()
    const cache = new QueryClient()
    const screen = startScreen(client, cache)
    await idle(cache)
    const since = client.revision
    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    expect(screen.name).toBe("Ada")

    const unbind = bindCache(client, cache, since)
    await idle(cache)

    expect(screen.name).toBe("Eve")
    server.forget()
    unbind()
    bindCache(client, cache, client.revision)()
    await idle(cache)
    expect(server.lines()).toEqual([])
  })
})

describe("a fetch", () => {
  it("goes on when its last screen leaves, and serves the one that comes back", async () => {
    const { client, server } = await startPair()
    const cache = startCache(client)
    startScreen(client, cache).leave()

    const screen = startScreen(client, cache)
    await idle(cache)

    expect(screen.name).toBe("Ada")
    expect(server.lines()).toEqual(["GET ctx/user/?id=5"])
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
