import { QueryClient, QueryObserver } from "@tanstack/react-query"
import { type ContextDef, fetchContext, fetchFrom } from "kernel/context"
import { describe, expect, it } from "vitest"
import {
  contextKey,
  contextQuery,
  fetchCurrentUser,
  fetchGlobalContext,
  fetchSiteInfo,
  fetchUserContext,
  fetchUserOrders,
  fetchUserProfile,
  globalContext,
  InsufficientFundsError,
  isMizanError,
  readFrom,
  userContext,
} from "../api"
import { rejection, startPair } from "../server/fixtures"

describe("fetchContext", () => {
  it("answers every function in one request", async () => {
    const { client, server } = await startPair()

    const { user_orders, user_profile } = await fetchUserContext({ id: 5 }, { client })

    expect(user_profile.name).toBe("Ada")
    expect(user_orders[0]?.total).toBe("19.90")
    expect(server.lines()).toEqual(["GET ctx/user/?id=5"])
  })

  it("rejects with the error of a function that failed", async () => {
    const { client, server } = await startPair()
    server.backend.broken.add("user_orders")

    const error = await rejection(fetchUserContext({ id: 5 }, { client }))

    expect(error).toMatchObject({ code: "INTERNAL_ERROR", fn: "user_orders", details: { error_id: "e1" } })
  })

  it("reads a restricted function as null for a visitor", async () => {
    const { client, server } = await startPair()
    server.backend.sessionUser = null

    expect(await fetchGlobalContext({}, { client })).toEqual({ current_user: null, site_info: { name: "Shop" } })
  })

  it("reads restricted functions as null where the server refuses all there are", async () => {
    const { client, server } = await startPair()
    server.fail("GET", 403, "FORBIDDEN")

    expect(await fetchGlobalContext({}, { client })).toEqual({ current_user: null })
  })

  it("passes on any other failure of a context with restricted functions", async () => {
    const { client, server } = await startPair()
    server.fail("GET", 500, "INTERNAL_ERROR")

    expect(await rejection(fetchGlobalContext({}, { client }))).toMatchObject({ code: "INTERNAL_ERROR", status: 500 })
  })

  it("sends its parameters sorted, objects and lists as JSON text, and none that are null or unknown", async () => {
    const { client, server } = await startPair()
    const def: ContextDef<object, object> = {
      name: "user",
      params: ["z", "flag", "filter", "ids", "none", "gone", "id"],
    }
    const params = {
      z: "ä b",
      flag: false,
      filter: { a: 1 },
      ids: [2, 1],
      none: null,
      gone: undefined,
      id: 5,
      other: 1,
    }

    await fetchContext(def, params, { client })

    expect(server.lines()).toEqual(['GET ctx/user/?filter={"a":1}&flag=false&id=5&ids=[2,1]&z=ä b'])
  })

  it("can be aborted", async () => {
    const { client, server } = await startPair()
    const held = server.hold("GET")
    const controller = new AbortController()
    const fetching = rejection(fetchUserContext({ id: 5 }, { client, signal: controller.signal }))
    await held.arrived

    controller.abort()

    expect(await fetching).toMatchObject({ name: "AbortError" })
    held.release()
  })
})

describe("fetchFrom", () => {
  it("asks for its function only", async () => {
    const { client, server } = await startPair()

    expect((await fetchUserProfile({ id: 6 }, { client })).name).toBe("Bob")
    expect(server.lines()).toEqual(["GET ctx/user/?id=6&~only=user_profile"])
  })

  it("rejects with its function's error", async () => {
    const { client, server } = await startPair()
    server.backend.sessionUser = null

    const error = await rejection(fetchUserOrders({ id: 5 }, { client }))

    expect(isMizanError(error, "UNAUTHORIZED") && error.fn).toBe("user_orders")
  })

  it("rejects with the class that its function declares, whether it failed alone or with all others", async () => {
    const { client, server } = await startPair()
    const def: ContextDef<{ id: number }, { a: string; b: string }> = {
      name: "user",
      params: ["id"],
      errors: [InsufficientFundsError],
    }
    const failure = { error: true, code: "INSUFFICIENT_FUNDS", message: "no", details: { balance: "1", needed: "2" } }
    server.reply("GET", { status: 200, body: JSON.stringify({ b: "fine", $errors: { a: failure } }) })
    server.reply("GET", { status: 409, body: JSON.stringify(failure) }, 2)

    expect(await rejection(fetchContext(def, { id: 5 }, { client }))).toBeInstanceOf(InsufficientFundsError)
    expect(await rejection(fetchContext(def, { id: 5 }, { client }))).toBeInstanceOf(InsufficientFundsError)
    expect(await rejection(fetchFrom(def, "a", { id: 5 }, { client }))).toBeInstanceOf(InsufficientFundsError)
  })

  it("is null for a restricted function that is refused", async () => {
    const { client, server } = await startPair()
    server.backend.sessionUser = null

    expect(await fetchCurrentUser({}, { client })).toBeNull()
    expect(await fetchSiteInfo({}, { client })).toEqual({ name: "Shop" })
  })

  it("rejects where the server, an older one perhaps, does not know the function", async () => {
    const { client, server } = await startPair()
    server.reply("GET", { status: 200, body: "{}" })

    expect(await rejection(fetchSiteInfo({}, { client }))).toMatchObject({ code: "PROTOCOL_ERROR", fn: "site_info" })
  })
})

describe("readFrom", () => {
  it("is not taken in by what every object has", async () => {
    const def: ContextDef<object, { valueOf: () => object }> = { name: "odd", params: [] }

    expect(() => readFrom(def, {}, "valueOf")).toThrow()
    expect(() => readFrom(def, { $errors: {} }, "valueOf")).toThrow()
    expect(readFrom(def, JSON.parse('{"valueOf":"own"}'), "valueOf")).toBe("own")
  })
})

describe("contextKey", () => {
  it("has the parameters that count, in any order", () => {
    expect(contextKey(userContext, { id: 5 })).toEqual(["mizan", "user", { id: 5 }])
    expect(contextKey(globalContext, {})).toEqual(["mizan", "global", {}])
  })

  it("is the same for a parameter at its default as for one that is left out", () => {
    expect(contextKey(userContext, { id: 5, page: 1 })).toEqual(["mizan", "user", { id: 5 }])
    expect(contextKey(userContext, { id: 1, page: 2 })).toEqual(["mizan", "user", { id: 1, page: 2 }])
  })
})

describe("contextQuery", () => {
  it("is taken by a bare QueryObserver, as every adapter of TanStack Query has one", async () => {
    const { client, server } = await startPair()
    const observer = new QueryObserver(new QueryClient(), contextQuery(client, userContext, { id: 5 }))

    const seen = await new Promise((resolve) => {
      const leave = observer.subscribe(({ data }) => {
        if (data === undefined) return
        leave()
        resolve(readFrom(userContext, data, "user_profile").name)
      })
    })

    expect(seen).toBe("Ada")
    expect(server.lines()).toEqual(["GET ctx/user/?id=5"])
  })

  it("works with fetchQuery, and is fresh for a minute", async () => {
    const { client, server } = await startPair()
    const cache = new QueryClient()

    await cache.fetchQuery(contextQuery(client, userContext, { id: 5 }))
    await cache.fetchQuery(contextQuery(client, userContext, { id: 5 }))

    expect(server.lines()).toHaveLength(1)
  })

  it("works for a cache that gives no client to its query function", async () => {
    const { client } = await startPair()

    const bundle = await contextQuery(client, userContext, { id: 5 }).queryFn({})

    expect(readFrom(userContext, bundle, "user_profile").name).toBe("Ada")
  })
})
