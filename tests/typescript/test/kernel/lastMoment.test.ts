import { expect, it } from "vitest"
import { startPair } from "../server/fixtures"
import { idle, startCache, startScreen } from "../server/screens"

const profile = { context: "user", function: "user_profile", params: { id: 5 } }
const value = { bio: null, id: 5, name: "Eve" }

const changes = {
  "the whole context": { invalidate: ["user"] },
  "one reader": { invalidate: [profile] },
  "a value": { merge: [{ ...profile, value }] },
}

/** A response whose text is there at once. The text of a real response takes a while. */
function responseOf(text: string): Response {
  const response = new Response()
  response.text = () => Promise.resolve(text)
  return response
}

async function wait(ticks: number): Promise<void> {
  for (let tick = 0; tick < ticks; tick++) await undefined
}

/** What else happens right after the change: another reader changes, or the app fetches of its own accord. */
type Then = "another change" | "a refetch"

it.each([
  ["the whole context", "first", "another change"],
  ["the whole context", "second", "another change"],
  ["one reader", "first", "another change"],
  ["one reader", "second", "another change"],
  ["one reader", "second", "a refetch"],
  ["a value", "first", "another change"],
  ["a value", "second", "another change"],
  ["a value", "second", "a refetch"],
] as const)(
  "a change of %s is noticed however close to the end of the %s fetch it comes, and %s after it",
  async (what, which, then: Then) => {
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
      const screen = startScreen(client, cache)
      if (which === "second") await idle(cache)
      /** A call whose answer comes about *ticks* promise ticks after the answer of the fetch. */
      const callAfter = async (): Promise<void> => {
        await wait(ticks)
        if (then === "a refetch") void wait(15).then(() => screen.observer.refetch())
        await client.call("change", {})
        await wait(30)
        if (then === "another change") client.invalidate([{ ...profile, function: "user_orders" }], "push")
      }
      onText = () => {
        onText = () => {}
        server.backend.profiles.set(5, value)
        void callAfter()
      }
      if (which === "second") client.invalidate(["user"], "push")
      await idle(cache)

      const names = screen.shown.map((bundle) => bundle.user_profile?.name)
      expect(screen.name, `${ticks} ticks`).toBe("Eve")
      expect(names.lastIndexOf("Ada"), `${ticks} ticks: ${names.join()}`).toBeLessThanOrEqual(0)
      expect(screen.observer.getCurrentResult(), `${ticks} ticks`).toMatchObject({ isStale: false, status: "success" })
    }
  },
)
