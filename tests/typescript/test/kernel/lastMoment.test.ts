import type { MizanClient } from "kernel/client"
import { expect, it } from "vitest"
import { startPair } from "../server/fixtures"
import { idle, startCache, startReader } from "../server/readers"

const profile = { context: "user", function: "user_profile", params: { id: 5 } }
const value = { bio: null, id: 5, name: "Eve" }

const changes = {
  "the whole context": { invalidate: ["user"] },
  "one slot": { invalidate: [profile] },
  "a value": { merge: [{ ...profile, value }] },
}

/** A response whose text is there at once, unlike that of a real one. */
function responseOf(text: string): Response {
  const response = new Response()
  response.text = () => Promise.resolve(text)
  return response
}

async function wait(ticks: number): Promise<void> {
  for (let tick = 0; tick < ticks; tick++) await undefined
}

/** A call whose answer comes so many promise ticks after that of a fetch, and a change of another slot right after it. */
async function callAfter(ticks: number, client: MizanClient): Promise<void> {
  await wait(ticks)
  await client.call("change", {})
  await wait(30)
  client.invalidate([{ ...profile, function: "user_orders" }], "push")
}

it.each([
  ["the whole context", "first"],
  ["the whole context", "second"],
  ["one slot", "first"],
  ["one slot", "second"],
  ["a value", "first"],
  ["a value", "second"],
] as const)("a change of %s is noticed however close to the end of the %s fetch it comes", async (what, which) => {
  for (let ticks = 0; ticks < 40; ticks++) {
    let onText = (): void => {}
    const { client, server } = await startPair({
      csrfToken: "csrf-1",
      fetch: async (url, init) => {
        if (init?.method === "POST") return responseOf(JSON.stringify({ result: null, ...changes[what] }))
        const response = await fetch(url, init)
        const text = await response.text()
        onText()
        return responseOf(text)
      },
    })
    const cache = startCache(client)
    const reader = startReader(client, cache)
    if (which === "second") await idle(cache)
    onText = () => {
      onText = () => {}
      server.backend.profiles.set(5, value)
      void callAfter(ticks, client)
    }
    if (which === "second") client.invalidate(["user"], "push")
    await idle(cache)

    expect(reader.name, `${ticks} ticks`).toBe("Eve")
    expect(reader.observer.getCurrentResult().isStale, `${ticks} ticks`).toBe(false)
  }
})
