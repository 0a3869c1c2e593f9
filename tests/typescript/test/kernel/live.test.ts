import { crossTab } from "kernel/live"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { callEcho, callRename, callUpdateProfile, MizanClient } from "../api"
import { startPair } from "../server/fixtures"

/** Two tabs of a browser on the same server, and what the second hears. */
async function startTabs() {
  const { client: first, server } = await startPair()
  const second = new MizanClient({ baseUrl: server.baseUrl })
  const heard = vi.fn()
  second.onInvalidate(({ invalidate, merge, event, source }) => heard({ invalidate, merge, event, source }))
  for (const client of [first, second]) onTestFinished(crossTab(client))
  return { first, heard, second, server }
}

describe("crossTab", () => {
  it("tells the other tabs what a call changed", async () => {
    const { first, heard } = await startTabs()

    await callUpdateProfile({ id: 5, name: "Eve" }, { client: first })

    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1))
    expect(heard).toHaveBeenCalledWith({
      invalidate: [{ context: "user", params: { id: 5 } }],
      merge: [],
      event: "event-1",
      source: "tab",
    })
  })

  it("lets the other tabs fetch what came as a value: they may have another user", async () => {
    const { first, heard } = await startTabs()

    await callRename({ id: 5, name: "Eve" }, { client: first })

    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1))
    expect(heard.mock.calls[0]?.[0]).toMatchObject({
      invalidate: [{ context: "user", function: "user_profile", params: { id: 5 } }],
      merge: [],
    })
  })

  it("passes on each change once, and nothing that another tab or the server told", async () => {
    const { first, heard, second } = await startTabs()
    onTestFinished(crossTab(first))
    const echoed = vi.fn()
    first.onInvalidate(echoed)

    await callUpdateProfile({ id: 5 }, { client: first })
    first.invalidate(["user"], "push")
    await callEcho({ text: "nothing changes" }, { client: first })
    // A tab hears another tab's messages in order. So what was told before these two calls has been heard by now.
    await callUpdateProfile({ id: 5 }, { client: first })
    await vi.waitFor(() => expect(heard.mock.lastCall?.[0]).toMatchObject({ event: "event-2" }))
    await callUpdateProfile({ id: 5 }, { client: second })
    await vi.waitFor(() => expect(echoed.mock.lastCall?.[0]).toMatchObject({ event: "event-3" }))

    expect(heard.mock.calls.map(([{ event, source }]) => [event, source])).toEqual([
      ["event-1", "tab"],
      ["event-2", "tab"],
      ["event-3", "answer"],
    ])
    expect(echoed.mock.calls.map(([{ event, source }]) => [event, source])).toEqual([
      ["event-1", "answer"],
      [undefined, "push"],
      ["event-2", "answer"],
      ["event-3", "tab"],
    ])
  })

  it("ignores what is no message of ours", async () => {
    const client = new MizanClient({ baseUrl: "http://malformed" })
    onTestFinished(crossTab(client))
    const events: unknown[] = []
    onTestFinished(client.onInvalidate(({ invalidate }) => events.push(invalidate)))
    const other = new BroadcastChannel("mizan:http://malformed")
    onTestFinished(() => other.close())

    const items = [null, 5, {}, { context: 5 }, { context: "a", params: null }, { context: "a", function: 1 }]
    for (const message of [null, "user", {}, { invalidate: "user" }, { invalidate: ["a"], event: {} }])
      other.postMessage(message)
    for (const item of items) other.postMessage({ invalidate: [item] })
    other.postMessage({ invalidate: ["user", { context: "a", params: { id: 1 }, function: "f" }] })
    await vi.waitFor(() => expect(events).not.toEqual([]))

    expect(events).toEqual([["user", { context: "a", params: { id: 1 }, function: "f" }]])
  })

  it("ends with its last user", async () => {
    const { first, heard } = await startTabs()
    const leave = crossTab(first)
    leave()

    await callUpdateProfile({ id: 5 }, { client: first })

    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1))
  })

  it("does nothing where there is no BroadcastChannel", () => {
    vi.stubGlobal("BroadcastChannel", undefined)
    onTestFinished(() => void vi.unstubAllGlobals())

    expect(() => crossTab(new MizanClient())()).not.toThrow()
  })
})
