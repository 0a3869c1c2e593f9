import { describe, expect, it, vi } from "vitest"
import { callEcho, callLogin, callLogout, callUpdateProfile } from "../api"
import { rejection, startPair } from "../server/fixtures"

describe("the CSRF token", () => {
  it("is fetched once for all calls", async () => {
    const { client, server } = await startPair()

    await Promise.all(["a", "b", "c"].map((text) => callEcho({ text }, { client })))

    expect(server.lines("GET session/")).toHaveLength(1)
    expect(server.received.filter(({ headers }) => headers["x-csrftoken"] === "csrf-1")).toHaveLength(3)
  })

  it("needs no request where it is known beforehand", async () => {
    const { client, server } = await startPair({ csrfToken: "csrf-1" })

    await callEcho({ text: "a" }, { client })

    expect(server.lines()).toEqual(["POST call/echo/"])
  })

  it("is renewed once for calls that were refused together, each of which is repeated once", async () => {
    const { client, server } = await startPair()
    await callEcho({ text: "a" }, { client })
    server.backend.csrfToken = "rotated"
    server.forget()

    const results = await Promise.all(["a", "b", "c"].map((text) => callEcho({ text }, { client })))

    expect(results.map(({ message }) => message)).toEqual(["a", "b", "c"])
    expect(server.lines("POST")).toHaveLength(6)
    expect(server.lines("GET session/")).toHaveLength(1)
  })

  it("survives its rotation by login and logout", async () => {
    const { client, server } = await startPair()

    await callLogout(undefined, { client })
    await callLogin({ email: "bob@example.com" }, { client })
    await callEcho({ text: "still there" }, { client })

    expect(server.backend.sessionUser).toBe(6)
    // The answers bring the new token: nothing is refused on the way, which a browser would write to its console.
    expect(server.lines("GET session/")).toHaveLength(1)
    expect(server.lines("POST")).toHaveLength(3)
  })

  it("is not renewed for ever: a second refusal is the caller's", async () => {
    const { client, server } = await startPair()
    server.fail("POST", 403, "CSRF_FAILED", { times: 2 })

    expect(await rejection(callEcho({ text: "a" }, { client }))).toMatchObject({ code: "CSRF_FAILED", status: 403 })
    expect(server.lines("POST")).toHaveLength(2)
  })

  it("is asked for again after the session could not be reached", async () => {
    const { client, server } = await startPair()
    server.drop("GET session/")

    expect(await rejection(callEcho({ text: "a" }, { client }))).toMatchObject({ code: "NETWORK_ERROR" })
    expect(await callEcho({ text: "a" }, { client })).toEqual({ message: "a" })
  })

  it("leaves a FORBIDDEN alone", async () => {
    const { client, server } = await startPair()

    const error = await rejection(callUpdateProfile({ id: 5, name: "forbidden" }, { client }))

    expect(error).toMatchObject({ code: "FORBIDDEN" })
    expect(server.lines("POST")).toHaveLength(1)
  })
})

describe("a client with getToken", () => {
  it("sends the token and neither cookies nor a CSRF token", async () => {
    const fetch = vi.fn(globalThis.fetch)
    const { client, server } = await startPair({ fetch, getToken: () => "t1" })
    server.backend.tokens.set("t1", 6)

    await callEcho({ text: "a" }, { client })

    expect(server.lines()).toEqual(["POST call/echo/"])
    expect(server.received[0]?.headers).toMatchObject({ "x-mizan-token": "t1" })
    expect(server.received[0]?.headers["x-csrftoken"]).toBeUndefined()
    expect(fetch.mock.calls[0]?.[1]?.credentials).toBe("omit")
  })

  it("says of a visitor that it is one, where a browser would be asked for a CSRF token", async () => {
    const { client, server } = await startPair({ getToken: () => null })

    await callEcho({ text: "a" }, { client })
    await client.context("global", {})

    const [call, read] = server.received
    expect(call?.headers).toMatchObject({ "x-mizan-token": "anonymous" })
    expect(read?.headers["x-mizan-token"]).toBeUndefined()
  })

  it("asks for another token once when several calls are refused together", async () => {
    let token = "old"
    const getToken = vi.fn(async ({ refresh }: { refresh: boolean }) => {
      // The new token comes only after every call has been sent with the old one.
      if (refresh) await vi.waitFor(() => expect(server.received.length).toBeGreaterThanOrEqual(3))
      if (refresh) token = "new"
      return token
    })
    const { client, server } = await startPair({ getToken })
    server.backend.tokens.set("new", 5)

    await Promise.all([
      callEcho({ text: "a" }, { client }),
      callEcho({ text: "b" }, { client }),
      client.context("global", {}),
    ])

    expect(getToken.mock.calls.filter(([{ refresh }]) => refresh)).toHaveLength(1)
    expect(server.received.filter(({ headers }) => headers["x-mizan-token"] === "old")).toHaveLength(3)
    expect(server.received.filter(({ headers }) => headers["x-mizan-token"] === "new")).toHaveLength(3)
  })

  it("asks again before each call, so that another user's token is used at once", async () => {
    let token = "ada"
    const { client, server } = await startPair({ getToken: () => token })
    server.backend.tokens.set("ada", 5).set("bob", 6)

    await client.context("global", {})
    token = "bob"
    const { current_user } = await client.context("global", {})

    expect(current_user).toMatchObject({ email: "bob@example.com" })
  })

  it("keeps a token whose time it knows, and renews it before that is over", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const names = ["ada", "bob", "cleo"]
    const getToken = vi.fn(() => ({ token: names.shift() ?? "", expires_in: 300 }))
    const { client, server } = await startPair({ getToken })
    server.backend.tokens.set("ada", 5).set("bob", 6).set("cleo", 7)
    const sent = (): unknown[] => server.received.map(({ headers }) => headers["x-mizan-token"])

    await Promise.all([client.context("global", {}), client.context("global", {})])
    vi.setSystemTime(Date.now() + 269_000)
    await client.context("global", {})
    expect(sent()).toEqual(["ada", "ada", "ada"])

    vi.setSystemTime(Date.now() + 2_000)
    await client.context("global", {})
    expect(sent().at(-1)).toBe("bob")

    client.forgetToken()
    await client.context("global", {})
    expect(sent().at(-1)).toBe("cleo")
    expect(getToken.mock.calls).toEqual([[{ refresh: false }], [{ refresh: false }], [{ refresh: false }]])
    vi.useRealTimers()
  })

  it("does not keep a token that was on its way when somebody else logged in", async () => {
    const names = ["ada", "bob"]
    let arrive = (): void => {}
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    const getToken = async (): Promise<{ token: string; expires_in: number }> => {
      const token = names.shift() ?? ""
      await arrived
      return { token, expires_in: 300 }
    }
    const { client, server } = await startPair({ getToken })
    server.backend.tokens.set("ada", 5).set("bob", 6)

    const first = client.context("global", {})
    client.forgetToken()
    arrive()
    await first
    await client.context("global", {})
    await client.context("global", {})

    expect(server.received.map(({ headers }) => headers["x-mizan-token"])).toEqual(["ada", "bob", "bob"])
  })

  it("renews a token that is refused before its time", async () => {
    const names = ["revoked", "ada"]
    const { client, server } = await startPair({ getToken: () => ({ token: names.shift() ?? "", expires_in: 300 }) })
    server.backend.tokens.set("ada", 5)

    await callEcho({ text: "a" }, { client })
    await callEcho({ text: "b" }, { client })

    expect(server.received.map(({ headers }) => headers["x-mizan-token"])).toEqual(["revoked", "ada", "ada"])
  })

  it("is a visitor while there is no token", async () => {
    const { client, server } = await startPair({ getToken: () => null })
    server.backend.sessionUser = null

    expect(await client.context("global", {})).toMatchObject({ site_info: { name: "Shop" } })
    expect(server.received[0]?.headers["x-mizan-token"]).toBeUndefined()
  })

  it("gives up after one renewal", async () => {
    const { client, server } = await startPair({ getToken: () => "bad" })

    expect(await rejection(callEcho({ text: "a" }, { client }))).toMatchObject({ code: "UNAUTHORIZED", status: 401 })
    expect(server.lines("POST")).toHaveLength(2)
  })

  it("rejects with what getToken rejects with", async () => {
    const error = new Error("storage is gone")
    const { client, server } = await startPair({ getToken: () => Promise.reject(error) })

    expect(await rejection(callEcho({ text: "a" }, { client }))).toBe(error)
    expect(server.lines()).toEqual([])
  })
})
