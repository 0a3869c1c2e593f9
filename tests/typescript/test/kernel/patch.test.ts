import { describe, expect, it } from "vitest"
import { callAddOrder, callRename, callUpdateProfile, patch, userContext } from "../api"
import { startPair } from "../server/fixtures"
import { idle, startCache, startScreen } from "../server/screens"

const addBio = (text: string) =>
  patch(userContext, "user_profile", { id: 5 }, (old) => ({ ...old, bio: `${old.bio ?? ""}${text}` }))

async function startShown() {
  const { client, server } = await startPair()
  const cache = startCache(client)
  const screen = startScreen(client, cache)
  await idle(cache)
  return { cache, client, screen, server, bio: () => screen.bundle?.user_profile?.bio ?? null }
}

describe("patch", () => {
  it("is shown at once, leaves the other readers alone, and can be undone", async () => {
    const { bio, cache, screen } = await startShown()
    const { user_orders } = screen.bundle ?? {}

    const end = addBio("a").apply(cache)
    expect(bio()).toBe("a")
    expect(screen.bundle?.user_orders).toBe(user_orders)
    end("undo")

    expect(bio()).toBeNull()
  })

  it("can be undone while a later one stays", async () => {
    const { bio, cache } = await startShown()
    const first = addBio("a").apply(cache)
    addBio("b").apply(cache)
    expect(bio()).toBe("ab")

    first("undo")

    expect(bio()).toBe("b")
  })

  it("stays on top of data that is fetched meanwhile", async () => {
    const { bio, cache, client, screen, server } = await startShown()
    const end = addBio("!").apply(cache)
    server.backend.profiles.set(5, { bio: "new", id: 5, name: "Eve" })

    client.invalidate(["user"], "push")
    await idle(cache)
    expect(bio()).toBe("new!")
    expect(screen.name).toBe("Eve")
    end("undo")

    expect(bio()).toBe("new")
  })

  it("stays on top of other readers that are fetched meanwhile", async () => {
    const { bio, cache, client, screen } = await startShown()
    const end = addBio("!").apply(cache)

    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await idle(cache)
    expect(screen.bundle?.user_orders).toHaveLength(2)
    expect(bio()).toBe("!")
    end("undo")

    expect(bio()).toBeNull()
  })

  it("gives way to the server's data once it has been accepted", async () => {
    const { bio, cache, client, screen } = await startShown()
    const end = addBio("a").apply(cache)

    await callUpdateProfile({ bio: "a (checked)", id: 5 }, { client, onAnswer: () => end("keep") })
    expect(bio()).toBe("a")
    await idle(cache)

    expect(bio()).toBe("a (checked)")
    expect(screen.shown.map((bundle) => bundle.user_profile?.bio)).toEqual([null, "a", "a (checked)"])
  })

  it("gives way to a value that comes with the answer, and is not applied to it", async () => {
    const { cache, client, screen } = await startShown()
    const end = patch(userContext, "user_profile", { id: 5 }, (old) => ({ ...old, name: `${old.name}!` })).apply(cache)
    expect(screen.name).toBe("Ada!")

    await callRename({ id: 5, name: "Eve" }, { client, onAnswer: () => end("keep") })

    expect(screen.name).toBe("Eve")
  })

  it("stays on top of a value that another call brought", async () => {
    const { bio, cache, client, screen } = await startShown()
    const end = addBio("!").apply(cache)

    await callRename({ id: 5, name: "Eve" }, { client })
    expect(screen.name).toBe("Eve")
    expect(bio()).toBe("!")
    end("undo")

    expect(screen.name).toBe("Eve")
    expect(bio()).toBeNull()
  })

  it("stays as it is if its call changes nothing", async () => {
    const { bio, cache, client } = await startShown()

    addBio("a").apply(cache)("keep")
    await callAddOrder({ id: 5, total: "1.00" }, { client })
    await idle(cache)

    expect(bio()).toBe("a")
  })

  it("does not make a stale context look fresh or young", async () => {
    const { cache, client, screen, server } = await startShown()
    server.drop("GET ctx")
    client.invalidate(["user"], "push")
    await idle(cache)
    const { dataUpdatedAt } = screen.observer.getCurrentResult()

    addBio("a").apply(cache)("undo")

    expect(screen.observer.getCurrentResult()).toMatchObject({ dataUpdatedAt, isStale: true })
  })

  it("does nothing where there is nothing to change", async () => {
    const { cache, client, server } = await startShown()
    server.backend.sessionUser = null
    const visitor = startScreen(client, cache, { id: 6 })
    await idle(cache)
    const before = visitor.bundle

    patch(userContext, "user_orders", { id: 6 }, (old) => [...old, ...old]).apply(cache)("undo")
    patch(userContext, "user_orders", { id: 7 }, (old) => old).apply(cache)("undo")

    expect(visitor.bundle).toBe(before)
  })

  it("brings nothing back that the server has refused meanwhile", async () => {
    const { cache, client, screen, server } = await startShown()
    const end = addBio("a").apply(cache)
    server.fail("GET ctx", 401, "UNAUTHORIZED")
    client.invalidate(["user"], "push")
    await idle(cache)

    end("undo")

    expect(screen.bundle).toBeUndefined()
  })

  it("that throws is the caller's to see, and shows nothing", async () => {
    const { bio, cache } = await startShown()
    const broken = patch(userContext, "user_profile", { id: 5 }, () => {
      throw new Error("mistake in update")
    })

    expect(() => broken.apply(cache)).toThrow("mistake in update")
    addBio("a").apply(cache)

    expect(bio()).toBe("a")
  })

  it("that no longer fits what was fetched is dropped", async () => {
    const { cache, client, screen, server } = await startShown()
    patch(userContext, "user_orders", { id: 5 }, ([first, ...rest]) => {
      if (first === undefined) throw new Error("no order")
      return [{ ...first, total: "0.00" }, ...rest]
    }).apply(cache)
    expect(screen.bundle?.user_orders?.[0]?.total).toBe("0.00")
    server.backend.orders.set(5, [])

    client.invalidate(["user"], "push")
    await idle(cache)

    expect(screen.bundle?.user_orders).toEqual([])
    expect(screen.error).toBeNull()
  })
})
