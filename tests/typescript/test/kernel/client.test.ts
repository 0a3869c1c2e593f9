import { MizanClient } from "kernel/client"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { callDocsUpload, callEcho, callLogout, callUpdateProfile, configureMizan } from "../api"
import { rejection, startPair, startServer } from "../server/fixtures"

describe("a call", () => {
  it("posts its arguments as JSON to the function's own address", async () => {
    const { client, server } = await startPair()

    expect(await callEcho({ text: "hi" }, { client })).toEqual({ message: "hi" })

    const sent = server.received.at(-1)
    expect(sent?.line).toBe("POST call/echo/")
    expect(sent?.body).toBe('{"text":"hi"}')
    expect(sent?.headers["content-type"]).toBe("application/json")
  })

  it("sends an empty object where the function takes no arguments", async () => {
    const { client, server } = await startPair()

    await callLogout(undefined, { client })

    expect(server.received.at(-1)?.body).toBe("{}")
  })

  it("escapes names that would change the address", async () => {
    const { client, server } = await startPair()

    await rejection(client.call("a/../../session?x", {}))

    expect(server.lines("POST")).toEqual(["POST call/a%2F..%2F..%2Fsession%3Fx/"])
  })

  it("sends files as multipart parts named by their dotted path, with null in their place", async () => {
    const { client, server } = await startPair()
    const docs = [
      { file: new File(["hello"], "a.txt", { type: "text/plain" }), label: "first" },
      { file: new Blob(["12"], { type: "image/png" }), label: "second" },
    ]

    const result = await callDocsUpload({ docs, note: "two" }, { client })

    expect(result).toEqual({ files: { first: "a.txt text/plain 5", second: "blob image/png 2" }, note: "two" })
    const sent = server.received.at(-1)
    expect(sent?.line).toBe("POST call/")
    expect(sent?.body).toContain('name="docs.0.file"; filename="a.txt"')
    expect(sent?.body).toContain(
      '{"fn":"docs.upload","args":{"docs":[{"file":null,"label":"first"},{"file":null,"label":"second"}],"note":"two"}}',
    )
  })

  it.each([
    ["a token", { getToken: () => "secret" }],
    ["a CSRF token", { csrfToken: "secret" }],
  ])("does not take %s to where a redirect leads", async (_what, options) => {
    const { client, server } = await startPair(options)
    const elsewhere = await startServer()
    server.reply("POST", { status: 307, body: "", headers: { Location: `${elsewhere.baseUrl}/call/echo/` } })

    const error = await rejection(client.call("echo", { text: "a" }))

    expect(error).toMatchObject({ code: "NETWORK_ERROR" })
    expect(elsewhere.lines()).toEqual([])
  })

  it("refuses numbers that JSON would turn into null", async () => {
    const { client, server } = await startPair()

    const error = await rejection(client.call("echo", { rows: [{ price: Number.NaN }] }))

    expect(String(error)).toBe("RangeError: rows.0.price: JSON has no NaN")
    expect(server.lines()).toEqual([])
  })

  it("keeps __proto__ and constructor keys as plain data, both ways", async () => {
    const { client, server } = await startPair()
    const text = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'
    server.reply("POST call/echo/", { status: 200, body: `{"result":${text},"__proto__":{"event":"x"}}` })

    const result = await client.call<Record<string, unknown>>("echo", JSON.parse(text))

    expect(server.received.at(-1)?.body).toBe(text)
    expect(JSON.stringify(result)).toBe(text)
    expect(result["isAdmin"]).toBeUndefined()
    expect(({} as Record<string, unknown>)["isAdmin"]).toBeUndefined()
  })

  it("tells listeners what it changed, and each event once", async () => {
    const { client } = await startPair()
    const events: unknown[] = []
    client.onInvalidate((event) => events.push(event))

    await callUpdateProfile({ id: 5, name: "Eve" }, { client })
    client.invalidate(["user"], "push", "event-1")
    client.invalidate(["user"], "push", "event-2")

    expect(events).toMatchObject([
      { invalidate: [{ context: "user", params: { id: 5 } }], merge: [], event: "event-1", source: "answer" },
      { invalidate: ["user"], merge: [], event: "event-2", source: "push" },
    ])
  })

  it("forgets a listener that has left", async () => {
    const { client } = await startPair()
    const listener = vi.fn()
    client.onInvalidate(listener)()

    client.invalidate(["user"], "push")

    expect(listener).not.toHaveBeenCalled()
  })

  it("goes through the client of configureMizan() where none is passed", async () => {
    const server = await startServer()
    configureMizan({ baseUrl: `${server.baseUrl}/`, headers: () => ({ "X-Tenant": "north" }) })

    await callEcho({ text: "hi" })

    expect(server.received.at(-1)?.headers["x-tenant"]).toBe("north")
  })
})

describe("ending a call early", () => {
  it("rejects with an AbortError as soon as the signal says so", async () => {
    const { client, server } = await startPair()
    const held = server.hold("POST call/echo/")
    const controller = new AbortController()
    const call = rejection(callEcho({ text: "a" }, { client, signal: controller.signal }))
    await held.arrived

    controller.abort()

    expect(await call).toMatchObject({ name: "AbortError" })
    held.release()
  })

  it("sends nothing where the signal was aborted before", async () => {
    const { client, server } = await startPair()

    const error = await rejection(callEcho({ text: "a" }, { client, signal: AbortSignal.abort() }))

    expect(error).toMatchObject({ name: "AbortError" })
    expect(server.lines()).toEqual([])
  })

  it("does not wait for a CSRF token that others go on waiting for", async () => {
    const { client, server } = await startPair()
    const held = server.hold("GET session/")
    const controller = new AbortController()
    const aborted = rejection(callEcho({ text: "a" }, { client, signal: controller.signal }))
    const other = callEcho({ text: "b" }, { client })
    await held.arrived

    controller.abort()

    expect(await aborted).toMatchObject({ name: "AbortError" })
    held.release()
    expect(await other).toEqual({ message: "b" })
    expect(server.lines("POST")).toHaveLength(1)
  })

  it("rejects with TIMEOUT after the call's own time, or the client's", async () => {
    const { client, server } = await startPair({ csrfToken: "csrf-1", timeout: 30 })
    const held = [server.hold("POST"), server.hold("POST")]

    expect(await rejection(callEcho({ text: "a" }, { client }))).toMatchObject({
      code: "TIMEOUT",
      fn: "echo",
      status: 0,
    })
    expect(await rejection(callEcho({ text: "a" }, { client, timeout: 10 }))).toMatchObject({
      message: "No answer in 10 ms",
    })
    for (const each of held) each.release()
  })

  it("gives an upload all the time it needs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    onTestFinished(() => void vi.useRealTimers())
    const { client, server } = await startPair({ csrfToken: "csrf-1", timeout: 20 })
    const held = server.hold("POST call/")
    const upload = callDocsUpload({ docs: [{ file: new Blob(["x"]), label: "a" }] }, { client })
    await held.arrived
    await vi.advanceTimersByTimeAsync(1_000)

    held.release()

    expect(await upload).toMatchObject({ files: { a: "blob application/octet-stream 1" } })
  })
})

describe("a client's shared resource", () => {
  it("is opened for the first user and closed after the last", () => {
    const client = new MizanClient()
    const close = vi.fn()
    const open = vi.fn(() => close)
    const owner = {}

    const leave = client.share(owner, open)
    client.share(owner, open)()
    expect(close).not.toHaveBeenCalled()
    leave()

    expect(open).toHaveBeenCalledTimes(1)
    expect(close).toHaveBeenCalledTimes(1)
  })
})
