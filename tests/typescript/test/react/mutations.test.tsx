// @vitest-environment happy-dom
import { act, fireEvent, screen } from "@testing-library/react"
import { type ReactNode, StrictMode } from "react"
import { describe, expect, it } from "vitest"
import {
  callUpdateProfile,
  useAddOrder,
  useCurrentUser,
  useRename,
  useUpdateProfile,
  useUserOrders,
  useUserProfile,
} from "../api"
import { turn } from "../server/fixtures"
import type { MockServer } from "../server/mockServer"
import { counter, open, settle } from "./page"

function Name({ id = 5 }: { id?: number }): ReactNode {
  return <p>{useUserProfile({ id }).name}</p>
}

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

  it.each([
    ["the connection was lost", (server: MockServer) => server.drop("POST")],
    ["time was over", (server: MockServer) => void server.hold("POST")],
  ])("whose outcome is unknown because %s has everything on screen fetched again", async (_why, prepare) => {
    function Save(): ReactNode {
      const save = useUpdateProfile()
      return <button onClick={() => void save.mutate({ id: 5, name: "Eve" }, { timeout: 300 })}>save</button>
    }
    const { server } = await open([readers, <Save key="save" />], { csrfToken: "csrf-1" })
    await ready()
    server.forget()
    prepare(server)

    fireEvent.click(screen.getByText("save"))

    await screen.findByText('profile 5: "Eve"')
    await settle()
    expect(server.lines("GET").sort()).toEqual(["GET ctx/global/", "GET ctx/user/?id=5", "GET ctx/user/?id=6"])
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
    await act(turn)
    screen.getByText("pending")
    expect(result).toBeUndefined()
    held.release()

    await screen.findByText("success")
    screen.getByText("Eve")
    expect(result).toBe("Eve")
  })
})
