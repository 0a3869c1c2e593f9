// @vitest-environment happy-dom
import { onlineManager } from "@tanstack/react-query"
import { act, fireEvent, screen } from "@testing-library/react"
import { type ReactNode, StrictMode, useState } from "react"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import {
  callUpdateProfile,
  InsufficientFundsError,
  isMizanError,
  type MutationOptions,
  patch,
  useAddOrder,
  useCurrentUser,
  useEcho,
  useRename,
  useTransfer,
  useUpdateProfile,
  userContext,
  useUserOrders,
  useUserProfile,
  useUserProfileQuery,
  type UpdateProfileArgs,
  type UserProfile,
} from "../api"
import { startServer } from "../server/fixtures"
import { counter, open, settle } from "./page"

function Name({ id = 5 }: { id?: number }): ReactNode {
  return <p>{useUserProfile({ id }).name}</p>
}

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
    const { server } = await open(<Echo />)
    server.fail("POST", 500, "INTERNAL_ERROR", { times: 5 })

    fireEvent.click(screen.getByText("say"))

    await vi.waitFor(() => expect(isMizanError(caught, "INTERNAL_ERROR")).toBe(true))
    await settle()
    expect(server.lines("POST")).toHaveLength(1)
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
      return <button onClick={say}>{`${echo.status} ${echo.error}`}</button>
    }
    const { server } = await open(<Echo />)
    const held = server.hold("POST")
    fireEvent.click(screen.getByText("idle null"))
    await held.arrived
    await screen.findByText("pending null")

    controller.abort()

    await screen.findByText("idle null")
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

describe("a mutation", () => {
  const renders = counter()
  const Reader = ({ name, read }: { name: string; read: () => unknown }): ReactNode => {
    const value = JSON.stringify(read())
    renders.count(name)
    return (
      <p>
        {name}: {value}
      </p>
    )
  }
  const readers = (
    <>
      <Reader name="profile 5" read={() => useUserProfile({ id: 5 }).name} />
      <Reader name="orders 5" read={() => useUserOrders({ id: 5 }).length} />
      <Reader name="profile 6" read={() => useUserProfile({ id: 6 }).name} />
      <Reader name="who" read={() => useCurrentUser()?.id} />
    </>
  )
  const ready = async (): Promise<void> => {
    await screen.findByText('profile 5: "Ada"')
    await screen.findByText('profile 6: "Bob"')
    await screen.findByText("who: 5")
    await settle()
    renders.reset()
  }

  it("costs one request and renders once only what it changed", async () => {
    function Save(): ReactNode {
      const save = useUpdateProfile()
      return <button onClick={() => save.mutate({ id: 5, name: "Eve" })}>save</button>
    }
    const { server } = await open([readers, <Save key="save" />], { csrfToken: "csrf-1" })
    await ready()
    server.forget()

    fireEvent.click(screen.getByText("save"))
    await screen.findByText('profile 5: "Eve"')
    await settle()

    expect(renders.since()).toEqual({ "profile 5": 1 })
    expect(server.lines()).toEqual(["POST call/update_profile/", "GET ctx/user/?id=5"])
  })

  it("of one function fetches that function and renders its readers", async () => {
    function Add(): ReactNode {
      const add = useAddOrder()
      return <button onClick={() => add.mutate({ id: 5, total: "1.00" })}>add</button>
    }
    const { server } = await open([readers, <Add key="add" />], { csrfToken: "csrf-1" })
    await ready()
    server.forget()

    fireEvent.click(screen.getByText("add"))
    await screen.findByText("orders 5: 2")
    await settle()

    expect(renders.since()).toEqual({ "orders 5": 1 })
    expect(server.lines()).toEqual(["POST call/add_order/", "GET ctx/user/?id=5&~only=user_orders"])
  })

  it("whose result is the new data costs no further request", async () => {
    function Rename(): ReactNode {
      const rename = useRename()
      return <button onClick={() => rename.mutate({ id: 5, name: "Eve" })}>rename</button>
    }
    const { server } = await open([readers, <Rename key="rename" />], { csrfToken: "csrf-1" })
    await ready()
    server.forget()

    fireEvent.click(screen.getByText("rename"))
    await screen.findByText('profile 5: "Eve"')
    await settle()

    expect(renders.since()).toEqual({ "profile 5": 1 })
    expect(server.lines()).toEqual(["POST call/rename/"])
  })

  it("outside React reaches the screen as well", async () => {
    await open(
      <StrictMode>
        <Name />
      </StrictMode>,
    )
    await screen.findByText("Ada")

    await act(() => callUpdateProfile({ id: 5, name: "Eve" }))

    await screen.findByText("Eve")
  })

  it("ends with awaitRefetch only when what it changed has come", async () => {
    let result: string | undefined
    function Save(): ReactNode {
      const save = useUpdateProfile({ awaitRefetch: true })
      const click = (): void => void save.mutate({ id: 5, name: "Eve" }).then(({ name }) => (result = name))
      return <button onClick={click}>{save.status}</button>
    }
    const { server } = await open(
      <>
        <Name />
        <Save />
      </>,
    )
    await screen.findByText("Ada")
    const held = server.hold("GET ctx/user")

    fireEvent.click(screen.getByText("idle"))
    await held.arrived
    await settle()
    screen.getByText("pending")
    expect(result).toBeUndefined()
    held.release()

    await screen.findByText("success")
    screen.getByText("Eve")
    expect(result).toBe("Eve")
  })
})

describe("an optimistic mutation", () => {
  const shown: string[] = []
  function Profile(): ReactNode {
    const { name } = useUserProfile({ id: 5 })
    if (shown.at(-1) !== name) shown.push(name)
    return <p>{name}</p>
  }
  const options: MutationOptions<UpdateProfileArgs, UserProfile> = {
    optimistic: ({ id, name = "" }) => [patch(userContext, "user_profile", { id }, (old) => ({ ...old, name }))],
  }
  function Save({ name }: { name: string }): ReactNode {
    const save = useUpdateProfile(options)
    return <button onClick={() => save.mutate({ id: 5, name })}>{save.error?.code ?? save.status}</button>
  }
  function Refetch(): ReactNode {
    const { refetch } = useUserProfileQuery({ id: 5 })
    return <button onClick={() => void refetch()}>refetch</button>
  }
  const start = async (name: string) => {
    const page = await open(
      <>
        <Profile />
        <Save name={name} />
        <Refetch />
      </>,
    )
    await screen.findByText("Ada")
    shown.length = 0
    return page
  }

  it("is on screen before the answer, and never flickers", async () => {
    const { server } = await start("Eve")
    const held = server.hold("POST call")

    fireEvent.click(screen.getByText("idle"))
    await screen.findByText("Eve")
    screen.getByText("pending")
    held.release()
    await screen.findByText("success")
    await settle()

    expect(shown).toEqual(["Eve"])
  })

  it("is undone if the call fails", async () => {
    const { server } = await start("forbidden")
    const held = server.hold("POST call")

    fireEvent.click(screen.getByText("idle"))
    await screen.findByText("forbidden")
    held.release()

    await screen.findByText("FORBIDDEN")
    await screen.findByText("Ada")
    expect(shown).toEqual(["forbidden", "Ada"])
  })

  it("stays on screen while data comes in that was fetched before", async () => {
    const { server } = await start("Eve")
    const post = server.hold("POST call")
    fireEvent.click(screen.getByText("idle"))
    await screen.findByText("Eve")

    fireEvent.click(screen.getByText("refetch"))
    await vi.waitFor(() => expect(server.lines("GET ctx/user")).toHaveLength(2))
    await settle()
    screen.getByText("Eve")
    post.release()
    await screen.findByText("success")
    await settle()

    expect(shown).toEqual(["Eve"])
  })

  it("sends nothing if its patch cannot be made", async () => {
    const server = await startServer()
    function Broken(): ReactNode {
      const save = useUpdateProfile({
        optimistic: () => {
          throw new Error("mistake in optimistic")
        },
      })
      return <button onClick={() => save.mutate({ id: 5 })}>{save.error?.message ?? save.status}</button>
    }
    await open(<Broken />, {}, server)

    fireEvent.click(screen.getByText("idle"))

    await screen.findByText("mistake in optimistic")
    expect(server.lines("POST")).toEqual([])
  })
})
