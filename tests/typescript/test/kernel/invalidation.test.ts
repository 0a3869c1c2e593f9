import { type Changes, effectOn, type Invalidation, type Readers } from "kernel/invalidation"
import { describe, expect, it } from "vitest"

const key = ["mizan", "user", { id: 5, day: "2026-01-02T00:00:00Z", on: true, tags: { b: 1, a: [2] } }]

const touches = (changes: Changes, of: readonly unknown[]): boolean => effectOn(of, changes) !== undefined
const staleReaders = (changes: Changes, of: readonly unknown[]): Readers => {
  const effect = effectOn(of, changes)
  return effect === undefined ? [] : effect.stale
}
const mergedValues = (changes: Changes, of: readonly unknown[]): unknown => effectOn(of, changes)?.values ?? []
const scoped = (params: Record<string, unknown>): Changes => ({ invalidate: [{ context: "user", params }] })

describe("an invalidation", () => {
  it.each<[string, Invalidation[], unknown]>([
    ["the context by name", ["user"], null],
    ["another context", ["users"], []],
    ["another's instance", [{ context: "user", params: { id: 6 } }], []],
    ["one function", [{ context: "user", function: "orders" }], ["orders"]],
    [
      "a function twice",
      [
        { context: "user", function: "a" },
        { context: "user", function: "b" },
        { context: "user", function: "a" },
      ],
      ["a", "b"],
    ],
    ["a function and everything", [{ context: "user", function: "a" }, "user"], null],
    ["a function of another's instance", [{ context: "user", function: "a", params: { id: 6 } }], []],
  ])("for %s", (_what, invalidate, expected) => {
    expect(staleReaders({ invalidate }, key)).toEqual(expected)
  })

  it.each<[string, Record<string, unknown>, boolean]>([
    ["the same number", { id: 5 }, true],
    ["a number as text", { id: "5" }, true],
    ["a number spelt otherwise", { id: "05" }, true],
    ["another number", { id: 50 }, false],
    ["another spelling of an instant", { day: "2026-01-02T01:00:00+01:00" }, true],
    ["another instant", { day: "2026-01-03T00:00:00Z" }, false],
    ["a boolean as text", { on: "true" }, true],
    ["the other boolean", { on: false }, false],
    ["an object, whatever is in it", { tags: { a: [3] } }, true],
    ["a parameter that was left out", { page: 3 }, true],
    ["one that fits and one that does not", { id: 5, on: false }, false],
  ])("compares %s as text", (_what, params, expected) => {
    expect(touches(scoped(params), key)).toBe(expected)
  })

  it("knows parameters from what every object has", () => {
    expect(touches(scoped({ constructor: "x" }), key)).toBe(true)
  })
})

describe("merged values", () => {
  const merge = [{ context: "user", function: "profile", params: { id: 5 }, value: "new" }]

  it("are for a cached context whose parameters are all spelt so", () => {
    expect(mergedValues({ merge }, key)).toEqual(merge)
    expect(staleReaders({ merge }, key)).toEqual([])
  })

  it("are not for a cached context that may be another, which is fetched", () => {
    expect(mergedValues({ merge }, ["mizan", "user", {}])).toEqual([])
    expect(staleReaders({ merge }, ["mizan", "user", {}])).toEqual(["profile"])
    expect(staleReaders({ merge }, ["mizan", "user", { id: "05" }])).toEqual(["profile"])
  })

  it("do not concern other instances and contexts", () => {
    expect(touches({ merge }, ["mizan", "user", { id: 6 }])).toBe(false)
    expect(touches({ merge }, ["mizan", "global", {}])).toBe(false)
  })
})
