// @vitest-environment happy-dom
import { onlineManager, QueryClient } from "@tanstack/react-query"
import { fireEvent, screen } from "@testing-library/react"
import { type ReactNode, useState } from "react"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { InsufficientFundsError, isMizanError, useEcho, useTransfer } from "../api"
import { open, settle } from "./page"

describe("a call hook", () => {
  it("gives a promise of the result, and tells how the call is doing", async () => {
    const results: string[] = []
    function Echo(): ReactNode {
      const echo = useEcho({ onSuccess: ({ message }, { text }) => results.push(`${text} → ${message}`) })
      const say = (): void => void echo.mutate({ text: "hi" }).then(({ message }) => results.push(message))
      return (
        <>
          <button onClick={say}>say</button>
          <button onClick={echo.reset}>reset</button>
          <p>
            {[
              echo.status,
              echo.isIdle,
              echo.isPending,
              echo.isSuccess,
              echo.data?.message,
              echo.variables?.text,
            ].join()}
          </p>
        </>
      )
    }
    const { server } = await open(<Echo />)
    const held = server.hold("POST")
    screen.getByText("idle,true,false,false,,")

    fireEvent.click(screen.getByText("say"))
    await screen.findByText("pending,false,true,false,,hi")
    held.release()
    await screen.findByText("success,false,false,true,hi,hi")
    fireEvent.click(screen.getByText("reset"))

    await screen.findByText("idle,true,false,false,,")
    expect(results).toEqual(["hi → hi", "hi"])
  })

  it("has the declared error, and leaves no rejection unhandled if nobody takes the promise", async () => {
    const unhandled = vi.fn()
    process.on("unhandledRejection", unhandled)
    onTestFinished(() => void process.off("unhandledRejection", unhandled))
    const errors: unknown[] = []
    function Transfer(): ReactNode {
      const transfer = useTransfer({ onError: (error, { amount }) => errors.push([error.code, amount]) })
      const { error } = transfer
      return (
        <>
          <button onClick={() => transfer.mutate({ amount: "500" })}>send</button>
          <p>{error instanceof InsufficientFundsError ? `needs ${error.details.needed}` : transfer.status}</p>
        </>
      )
    }
    const { server } = await open(<Transfer />)

    fireEvent.click(screen.getByText("send"))

    await screen.findByText("needs 500")
    await settle()
    expect(errors).toEqual([["INSUFFICIENT_FUNDS", "500"]])
    expect(unhandled).not.toHaveBeenCalled()
    expect(server.lines("POST")).toHaveLength(1)
  })

  it("rejects for who takes the promise, and is never tried again", async () => {
    let caught: unknown
    function Echo(): ReactNode {
      const { mutate } = useEcho()
      return <button onClick={() => void mutate({ text: "a" }).catch((error: unknown) => (caught = error))}>say</button>
    }
    const mutations = { retry: 3, retryDelay: 0 }
    const { server } = await open(<Echo />, { queryClient: new QueryClient({ defaultOptions: { mutations } }) })
    server.fail("POST", 500, "INTERNAL_ERROR", { times: 5 })

    fireEvent.click(screen.getByText("say"))

    await vi.waitFor(() => expect(isMizanError(caught, "INTERNAL_ERROR")).toBe(true))
    await settle()
    expect(server.lines("POST")).toHaveLength(1)
  })

  it("tells of the latest call only, whichever answer comes last", async () => {
    const results: string[] = []
    function Echo(): ReactNode {
      const echo = useEcho({ onSuccess: ({ message }) => results.push(message) })
      const say = (): void => void echo.mutate({ text: echo.isIdle ? "first" : "second" })
      return <button onClick={say}>{`${echo.status} ${echo.data?.message} ${echo.variables?.text}`}</button>
    }
    const { server } = await open(<Echo />, { csrfToken: "csrf-1" })
    const first = server.hold("POST")

    fireEvent.click(screen.getByText("idle undefined undefined"))
    await first.arrived
    fireEvent.click(screen.getByText("pending undefined first"))
    await screen.findByText("success second second")
    first.release()
    await settle()

    screen.getByText("success second second")
    expect(results).toEqual(["second", "first"])
  })

  it("keeps the identity of mutate", async () => {
    const seen = new Set<unknown>()
    function Echo(): ReactNode {
      const echo = useEcho({ onSuccess: () => {} })
      seen.add(echo.mutate)
      return <button onClick={() => echo.mutate({ text: "a" })}>{echo.status}</button>
    }
    await open(<Echo />)

    fireEvent.click(screen.getByText("idle"))
    await screen.findByText("success")

    expect(seen.size).toBe(1)
  })

  it("can be aborted", async () => {
    const controller = new AbortController()
    const onError = vi.fn()
    let caught: unknown
    function Echo(): ReactNode {
      const echo = useEcho({ onError })
      const say = (): void =>
        void echo.mutate({ text: "a" }, { signal: controller.signal }).catch((error: unknown) => (caught = error))
      return <button onClick={say}>{`${echo.status} ${echo.error} ${echo.variables?.text}`}</button>
    }
    const { server } = await open(<Echo />)
    const held = server.hold("POST")
    fireEvent.click(screen.getByText("idle null undefined"))
    await held.arrived
    await screen.findByText("pending null a")

    controller.abort()

    await screen.findByText("idle null a")
    expect(caught).toMatchObject({ name: "AbortError" })
    expect(onError).not.toHaveBeenCalled()
    held.release()
  })

  it("fails at once while the browser is offline, and does not send it later", async () => {
    onlineManager.setOnline(false)
    onTestFinished(() => onlineManager.setOnline(true))
    function Echo(): ReactNode {
      const echo = useEcho()
      return <button onClick={() => echo.mutate({ text: "a" })}>{echo.error?.code ?? echo.status}</button>
    }
    const { server } = await open(<Echo />, { csrfToken: "csrf-1" })
    server.drop("POST")

    fireEvent.click(screen.getByText("idle"))

    await screen.findByText("NETWORK_ERROR")
  })

  it("goes on when its component has gone", async () => {
    const results: string[] = []
    function Echo({ onSent }: { onSent: () => void }): ReactNode {
      const echo = useEcho({ onSuccess: ({ message }) => results.push(message) })
      const say = (): void => {
        void echo.mutate({ text: "hi" })
        onSent()
      }
      return <button onClick={say}>say</button>
    }
    function Once(): ReactNode {
      const [isSent, setIsSent] = useState(false)
      return isSent ? "gone" : <Echo onSent={() => setIsSent(true)} />
    }
    await open(<Once />)

    fireEvent.click(screen.getByText("say"))

    screen.getByText("gone")
    await vi.waitFor(() => expect(results).toEqual(["hi"]))
  })
})
