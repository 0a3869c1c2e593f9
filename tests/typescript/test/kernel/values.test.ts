import { describe, expect, it } from "vitest"
import { callAddOrder, callRename } from "../api"
import { startPair } from "../server/fixtures"
import { idle, startCache, startScreen } from "../server/screens"

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
    const screen = startScreen(client, cache)
    await idle(cache)
    screen.leave()

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
