import { isFinal } from "kernel/errors"
import { describe, expect, it } from "vitest"
import {
  callEcho,
  callTransfer,
  InsufficientFundsError,
  isMizanError,
  MizanError,
  NetworkError,
  ValidationError,
} from "../api"
import { rejection, startPair } from "../server/fixtures"

describe("a failed call", () => {
  it("rejects with the class that the function declares for the code", async () => {
    const { client } = await startPair()

    const error = await rejection(callTransfer({ amount: "500" }, { client }))

    expect(error).toBeInstanceOf(InsufficientFundsError)
    expect(error).toMatchObject({
      code: "INSUFFICIENT_FUNDS",
      status: 409,
      fn: "transfer",
      message: "The balance is too low.",
    })
    if (error instanceof InsufficientFundsError) expect(error.details.balance).toBe("100.00")
  })

  it("rejects with field errors where the input is not valid", async () => {
    const { client } = await startPair()

    // @ts-expect-error -- the server must say so as well
    const error = await rejection(callEcho({ text: 3 }, { client }))

    expect(error).toBeInstanceOf(ValidationError)
    if (error instanceof ValidationError) {
      expect(error.fieldErrors).toEqual({ "": ["One of these is wrong."], text: ["Input should be a valid string"] })
    }
  })

  it("has no field errors, not a crash, where the server names none", async () => {
    const { client, server } = await startPair()
    server.fail("POST", 422, "VALIDATION_ERROR")

    const error = await rejection(callEcho({ text: "a" }, { client }))

    expect(error instanceof ValidationError && error.fieldErrors).toEqual({})
  })

  it.each([
    [400, "BAD_REQUEST"],
    [401, "UNAUTHORIZED"],
    [404, "NOT_FOUND"],
    [405, "METHOD_NOT_ALLOWED"],
    [409, "CONFLICT"],
    [413, "PAYLOAD_TOO_LARGE"],
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    [500, "INTERNAL_ERROR"],
    [501, "NOT_IMPLEMENTED"],
  ] as const)("has the status %i and the code %s of the server", async (status, code) => {
    const { client, server } = await startPair()
    server.fail("POST", status, code)

    const error = await rejection(callEcho({ text: "a" }, { client }))

    expect(isMizanError(error, code)).toBe(true)
    expect(error).toMatchObject({ code, status, fn: "echo", name: `MizanError [${code}]` })
  })

  it("says when to ask again after TOO_MANY_REQUESTS", async () => {
    const { client, server } = await startPair()
    server.fail("POST", 429, "TOO_MANY_REQUESTS", { details: { retry_after: 12 } })

    const error = await rejection(callEcho({ text: "a" }, { client }))

    expect(isMizanError(error, "TOO_MANY_REQUESTS") && error.retryAfter).toBe(12)
  })

  it("is a NetworkError where no answer comes", async () => {
    const { client, server } = await startPair({ csrfToken: "csrf-1" })
    server.drop("POST")

    const error = await rejection(callEcho({ text: "a" }, { client }))

    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ code: "NETWORK_ERROR", status: 0, fn: "echo" })
    expect(error instanceof Error && error.cause).toBeInstanceOf(Error)
  })

  it.each([
    ["a proxy's page", 502, "<html>Bad gateway</html>"],
    ["a login page with status 200", 200, "<html>Log in</html>"],
    ["an answer without a result", 200, '{"ok":true}'],
    ["a list", 200, "[1]"],
    ["an empty body", 200, ""],
    ["a failure of another kind", 400, '{"detail":"no"}'],
  ])("is a PROTOCOL_ERROR for %s", async (_what, status, body) => {
    const { client, server } = await startPair()
    server.reply("POST", { status, body })

    expect(await rejection(callEcho({ text: "a" }, { client }))).toMatchObject({
      code: "PROTOCOL_ERROR",
      status,
      fn: "echo",
    })
  })

  it("is not hidden by a status of 200", async () => {
    const { client, server } = await startPair()
    server.fail("POST", 200, "CONFLICT")

    expect(await rejection(callEcho({ text: "a" }, { client }))).toMatchObject({ code: "CONFLICT" })
  })
})

describe("isMizanError", () => {
  it("tells errors of ours from others, and codes apart", () => {
    const error = new MizanError({ code: "CONFLICT", message: "no", status: 409, details: null })

    expect(isMizanError(error)).toBe(true)
    expect(isMizanError(error, "NOT_FOUND")).toBe(false)
    expect(isMizanError(new Error("no"))).toBe(false)
    expect(isMizanError(undefined, "CONFLICT")).toBe(false)
  })
})

describe("isFinal", () => {
  it.each([
    [400, true],
    [401, true],
    [404, true],
    [408, false],
    [422, true],
    [429, false],
    [500, false],
    [0, false],
  ])("for the status %i is %s", (status, expected) => {
    expect(isFinal(new MizanError({ code: "X", message: "", status, details: null }))).toBe(expected)
  })
})
