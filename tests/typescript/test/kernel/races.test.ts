import { MizanClient } from "kernel/client"
import { contextKey, type UserContextParams, userContext } from "../api"
import { expect, it } from "vitest"
import { idle, type Reader, startCache, startReader } from "../server/readers"
import { pause } from "../server/fixtures"

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
    // What is answered is as it was now, however long the answer takes.
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

  #call({ kind, slot }: { kind: string; slot: string }): unknown {
    const slots = kind === "whole" ? Object.keys(this.values) : [slot]
    for (const each of slots) this.values[each] = (this.values[each] ?? 0) + 1
    const entry = { context: "user", function: slot, params: { id: 5 } }
    if (kind === "whole") return { result: null, invalidate: [{ context: "user", params: { id: 5 } }] }
    if (kind === "slot") return { result: null, invalidate: [entry] }
    return { result: null, merge: [{ ...entry, value: this.values[slot] }] }
  }

  async #wait(): Promise<void> {
    if (this.#random(3) === 0) await pause(this.#random(3))
    for (let ticks = this.#random(12); ticks > 0; ticks--) await undefined
  }
}

it("whatever overtakes what, a context that looks fresh is as it is on the server", async () => {
  const run = async (seed: number): Promise<void> => {
    const random = randomFrom(seed)
    const server = new Counters(random)
    const client = new MizanClient({ baseUrl: "http://test", csrfToken: "known", fetch: server.fetch })
    const cache = startCache(client, 1)
    const params: UserContextParams = { id: 5 }
    const readers: Reader[] = [startReader(client, cache, params)]
    const expectTruth = (when: string): void => {
      const state = cache.getQueryState(contextKey(userContext, params))
      if (state?.data === undefined || state.isInvalidated) return
      expect(state.data, `${when}, seed ${seed}`).toEqual(server.values)
    }
    let calls = 0
    const mutate = (kind: string): void => {
      const slot = random(2) === 0 ? "user_orders" : "user_profile"
      calls++
      void client.call("mutate", { kind, slot }).finally(() => calls--)
    }
    const steps: (() => unknown)[] = [
      () => mutate("whole"),
      () => mutate("slot"),
      () => mutate("slot"),
      () => mutate("merge"),
      () => readers.at(-1)?.observer.refetch(),
      () => readers.push(startReader(client, cache, params)),
      () => readers.pop()?.leave(),
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
    const last = startReader(client, cache, params)
    await idle(cache)
    expect(last.bundle, `in the end, seed ${seed}`).toEqual(server.values)
    for (const reader of [...readers, last]) reader.leave()
  }

  for (let seed = 0; seed < RUNS; seed += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => run(seed + index)))
  }
}, 30_000)
