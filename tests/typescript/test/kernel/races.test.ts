import { MizanClient } from "kernel/client"
import { contextKey, type UserContextParams, userContext } from "../api"
import { expect, it, onTestFinished, vi } from "vitest"
import { idle, type Screen, startCache, startScreen } from "../server/screens"

const RUNS = 150
const STEPS = 25

/** Numbers that look random and are the same in every run of the tests (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below) | 0
  }
}

/** A server of two counters that answers after a while of its own choosing, and sometimes not at all. */
class Counters {
  readonly values: Record<string, number> = { user_orders: 0, user_profile: 0 }
  /** How many of 100 requests fail. */
  failures = 15
  readonly #random: (below: number) => number

  constructor(random: (below: number) => number) {
    this.#random = random
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(String(input), "http://test")
    const isCall = url.pathname.includes("/call/")
    await this.#wait()
    const body = isCall ? this.#call(JSON.parse(String(init?.body))) : this.#context(url.searchParams.get("~only"))
    // The answer is worked out now, however long its way back takes.
    const text = JSON.stringify(body)
    await this.#wait()
    if (!isCall && this.#random(100) < this.failures) throw new TypeError("connection lost")
    init?.signal?.throwIfAborted()
    return new Response(text)
  }

  #context(only: string | null): Record<string, number> {
    const names = only?.split(",") ?? Object.keys(this.values)
    return Object.fromEntries(names.map((name) => [name, this.values[name] ?? Number.NaN]))
  }

  #call({ kind, reader }: { kind: string; reader: string }): unknown {
    const readers = kind === "whole" ? Object.keys(this.values) : [reader]
    for (const each of readers) this.values[each] = (this.values[each] ?? 0) + 1
    const change = { context: "user", function: reader, params: { id: 5 } }
    if (kind === "whole") return { result: null, invalidate: [{ context: "user", params: { id: 5 } }] }
    if (kind === "reader") return { result: null, invalidate: [change] }
    return { result: null, merge: [{ ...change, value: this.values[reader] }] }
  }

  async #wait(): Promise<void> {
    if (this.#random(3) === 0) await pause(this.#random(3))
    for (let ticks = this.#random(12); ticks > 0; ticks--) await undefined
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

it("whatever overtakes what, a context that looks fresh is as it is on the server", async () => {
  const run = async (seed: number): Promise<void> => {
    const random = randomFrom(seed)
    const server = new Counters(random)
    const client = new MizanClient({ baseUrl: "http://test", csrfToken: "known", fetch: server.fetch })
    const cache = startCache(client, 1)
    const params: UserContextParams = { id: 5 }
    const screens: Screen[] = [startScreen(client, cache, params)]
    const expectTruth = (when: string): void => {
      const state = cache.getQueryState(contextKey(userContext, params))
      if (state?.data === undefined || state.isInvalidated) return
      expect(state.data, `${when}, seed ${seed}`).toEqual(server.values)
    }
    let calls = 0
    const mutate = (kind: string): void => {
      const reader = random(2) === 0 ? "user_orders" : "user_profile"
      calls++
      void client.call("mutate", { kind, reader }).finally(() => calls--)
    }
    const steps: (() => unknown)[] = [
      () => mutate("whole"),
      () => mutate("reader"),
      () => mutate("reader"),
      () => mutate("merge"),
      () => screens.at(-1)?.observer.refetch(),
      () => screens.push(startScreen(client, cache, params)),
      () => screens.pop()?.leave(),
      () => pause(random(4)),
      () => pause(0),
    ]
    for (let step = 0; step < STEPS; step++) {
      await steps[random(steps.length)]?.()
      if (calls === 0 && cache.isFetching() === 0) expectTruth(`after step ${step}`)
    }
    while (calls > 0) await pause(1)
    await idle(cache)
    expectTruth("at rest")
    server.failures = 0
    const last = startScreen(client, cache, params)
    await idle(cache)
    expect(last.bundle, `in the end, seed ${seed}`).toEqual(server.values)
    for (const screen of [...screens, last]) screen.leave()
  }

  // Nothing here takes real time, so that a seed gives the same run each time.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  onTestFinished(() => void vi.useRealTimers())
  for (let seed = 0; seed < RUNS; seed++) {
    let isOver = false
    const running = run(seed).finally(() => (isOver = true))
    while (!isOver) await vi.advanceTimersByTimeAsync(1)
    await running
  }
}, 30_000)
