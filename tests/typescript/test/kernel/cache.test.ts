import { QueryClient } from "@tanstack/react-query"
import { bindCache, refetched } from "kernel/cache"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { callAddOrder, callUpdateProfile } from "../api"
import { startPair } from "../server/fixtures"
import { idle, startCache, startScreen } from "../server/screens"

const profile = { context: "user", function: "user_profile", params: { id: 5 } }

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
    vi.useFakeTimers({ toFake: ["Date"], now: dataUpdatedAt + 1_000 })
    onTestFinished(() => void vi.useRealTimers())

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
