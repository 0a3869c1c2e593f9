import { describe, expect, it } from "vitest"
import { fromBigInt, fromBytes, toBigInt, toBytes, toDate } from "../api"

describe("scalars", () => {
  it("turn a datetime into the instant it names", () => {
    expect(toDate("2026-11-23T10:00:00.123456+02:00").toISOString()).toBe("2026-11-23T08:00:00.123Z")
  })

  it("turn a date into that day, whatever the time zone", () => {
    const date = toDate("2026-11-23")

    expect([date.getFullYear(), date.getMonth(), date.getDate(), date.getHours()]).toEqual([2026, 10, 23, 0])
  })

  it("keep every digit of a big integer", () => {
    expect(fromBigInt(toBigInt("9007199254740993"))).toBe("9007199254740993")
    expect(toBigInt("-170141183460469231731687303715884105728")).toBe(-(2n ** 127n))
  })

  it("read bytes in either alphabet, padded or not", () => {
    const bytes = [251, 255, 190, 63]

    expect([...toBytes("+/++Pw==")]).toEqual(bytes)
    expect([...toBytes("-_--Pw==")]).toEqual(bytes)
    expect([...toBytes("-_--Pw")]).toEqual(bytes)
    expect([...toBytes("")]).toEqual([])
  })

  it("write and read back any bytes, many of them too", () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256)

    expect(toBytes(fromBytes(bytes))).toEqual(bytes)
    expect(fromBytes(Uint8Array.of(251, 255, 190, 63))).toBe("+/++Pw==")
  })
})
