import { share } from "kernel/json"
import { describe, expect, it } from "vitest"

describe("share", () => {
  it("keeps the identity of everything that did not change", () => {
    const before = { a: { x: 1 }, b: [{ y: 1 }, { y: 2 }] }

    const after = share(before, { a: { x: 1 }, b: [{ y: 1 }, { y: 3 }] }) as typeof before

    expect(after).toEqual({ a: { x: 1 }, b: [{ y: 1 }, { y: 3 }] })
    expect(after.a).toBe(before.a)
    expect(after.b[0]).toBe(before.b[0])
    expect(share(before, structuredClone(before))).toBe(before)
  })

  it.each([
    [[1], [1, undefined]],
    [[1, 2], [1]],
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { b: undefined }],
    [[], {}],
    [null, {}],
    [{ a: null }, { a: {} }],
    [undefined, { a: 1 }],
  ])("makes %j into %j", (before, after) => {
    expect(share(before, after)).toStrictEqual(after)
  })

  it("treats __proto__ and constructor keys as data", () => {
    const before: unknown = JSON.parse('{"__proto__":{"isAdmin":false},"constructor":{"a":1},"n":1}')
    const next = '{"__proto__":{"isAdmin":true},"constructor":{"a":1},"n":2}'

    const after = share(before, JSON.parse(next)) as Record<string, unknown>

    expect(JSON.stringify(after)).toBe(next)
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype)
    expect(after["isAdmin"]).toBeUndefined()
    expect(share(before, structuredClone(before))).toEqual(before)
  })

  it("takes instances of classes as they are", () => {
    const date = new Date(0)

    expect(share(new Date(0), date)).toBe(date)
  })

  it("survives data nested without end", () => {
    const deep = (): unknown => JSON.parse("[".repeat(5000) + "]".repeat(5000))

    expect(share(deep(), deep())).toBeDefined()
  })
})
