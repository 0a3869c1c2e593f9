// @vitest-environment happy-dom
import { QueryErrorResetBoundary } from "@tanstack/react-query"
import { fireEvent, screen } from "@testing-library/react"
import { type ReactNode, startTransition, StrictMode, Suspense, useState } from "react"
import { describe, expect, it } from "vitest"
import {
  UserContext,
  useCurrentUser,
  useCurrentUserQuery,
  useMizan,
  useSiteInfo,
  useUserOrders,
  useUserOrdersQuery,
  useUserProfile,
  useUserProfileQuery,
} from "../api"
import { startServer } from "../server/fixtures"
import { Boundary, counter, expectErrors, open, settle } from "./page"

function Who(): ReactNode {
  return <p>{useCurrentUser()?.email ?? "visitor"}</p>
}

function Name({ id }: { id?: number }): ReactNode {
  return <p>{useUserProfile(id === undefined ? undefined : { id }).name}</p>
}

function Total({ id }: { id?: number }): ReactNode {
  return <p>{useUserOrders(id === undefined ? undefined : { id })[0]?.total}</p>
}

describe("a data hook", () => {
  it("is the data; the fallback shows until it has come", async () => {
    await open(<Who />, { fallback: <p>loading</p> })

    screen.getByText("loading")
    await screen.findByText("ada@example.com")
  })

  it("costs one request, however many components read the context, also in StrictMode", async () => {
    function Site(): ReactNode {
      return <p>{useSiteInfo().name}</p>
    }
    const { server } = await open(
      <StrictMode>
        <Who />
        <Site />
        <Who />
      </StrictMode>,
    )

    await screen.findByText("Shop")
    await settle()

    expect(server.lines()).toEqual(["GET ctx/global/"])
  })

  it("reads its parameters from the provider or takes them", async () => {
    const { server } = await open(
      <UserContext id={5}>
        <Name />
        <Total />
        <Total id={5} />
        <Name id={6} />
      </UserContext>,
    )

    await screen.findByText("Ada")
    screen.getByText("Bob")
    expect(screen.getAllByText("19.90")).toHaveLength(2)
    expect(server.lines("GET ctx/user").sort()).toEqual(["GET ctx/user/?id=5", "GET ctx/user/?id=6"])
  })

  it("says what is missing where it has neither", async () => {
    expectErrors()
    await open(
      <Boundary>
        <Name />
      </Boundary>,
    )

    expect(screen.getByRole("alert").textContent).toContain(
      "user_profile needs { id, page } or their provider above it",
    )
  })

  it("throws its error to the boundary", async () => {
    expectErrors()
    const { server } = await open(
      <Boundary>
        <Name id={99} />
      </Boundary>,
    )

    expect((await screen.findByRole("alert")).textContent).toContain("NOT_FOUND")
    expect(server.lines("GET ctx/user")).toHaveLength(1)
  })

  it("is null for a visitor where its function is restricted, and its neighbours have their data", async () => {
    const server = await startServer()
    server.backend.sessionUser = null

    await open(<Who />, {}, server)

    await screen.findByText("visitor")
  })

  it("fails alone where only its own function failed", async () => {
    expectErrors()
    const server = await startServer()
    server.backend.broken.add("user_orders")
    await open(
      <UserContext id={5}>
        <Name />
        <Boundary>
          <Total />
        </Boundary>
      </UserContext>,
      {},
      server,
    )

    await screen.findByText("Ada")
    expect(screen.getByRole("alert").textContent).toContain("INTERNAL_ERROR")
  })

  it.each(["the function", "the context"])("can be tried again after %s failed", async (what) => {
    expectErrors()
    const server = await startServer()
    if (what === "the function") server.backend.broken.add("user_orders")
    else server.fail("GET ctx/user", 403, "FORBIDDEN")
    await open(
      <QueryErrorResetBoundary>
        {({ reset }) => (
          <Boundary onReset={reset}>
            <Suspense fallback="loading">
              <Total id={5} />
            </Suspense>
          </Boundary>
        )}
      </QueryErrorResetBoundary>,
      {},
      server,
    )
    await screen.findByRole("alert")

    // The first try is in vain, the second is not.
    if (what === "the context") server.fail("GET ctx/user", 403, "FORBIDDEN")
    fireEvent.click(screen.getByText("again"))
    await screen.findByText("loading")
    await screen.findByRole("alert")
    server.backend.broken.clear()
    fireEvent.click(screen.getByText("again"))

    await screen.findByText("19.90")
    expect(server.lines("GET ctx/user")).toHaveLength(3)
  })

  it("stops showing what its function no longer answers", async () => {
    expectErrors()
    const { server } = await open(
      <UserContext id={5}>
        <Name />
        <Boundary>
          <Total />
        </Boundary>
        <Refresh />
      </UserContext>,
    )
    await screen.findByText("19.90")
    server.backend.broken.add("user_orders")

    fireEvent.click(screen.getByText("refresh"))

    expect((await screen.findByRole("alert")).textContent).toContain("INTERNAL_ERROR")
    screen.getByText("Ada")
    expect(screen.queryByText("19.90")).toBeNull()
  })

  it("keeps showing what it has while the server cannot be reached", async () => {
    const { server } = await open(
      <>
        <Name id={5} />
        <Refresh />
      </>,
    )
    await screen.findByText("Ada")
    server.drop("GET ctx/user", 5)

    fireEvent.click(screen.getByText("refresh"))
    await settle()

    screen.getByText("Ada")
  })

  it("leaves the old data on screen during a transition to other parameters", async () => {
    function Switch(): ReactNode {
      const [id, setId] = useState(5)
      return (
        <UserContext id={id} fallback={<p>loading</p>}>
          <Name />
          <button onClick={() => startTransition(() => setId(6))}>next</button>
        </UserContext>
      )
    }
    const { server } = await open(<Switch />)
    await screen.findByText("Ada")
    const held = server.hold("GET ctx/user")

    fireEvent.click(screen.getByText("next"))
    await held.arrived
    screen.getByText("Ada")
    expect(screen.queryByText("loading")).toBeNull()
    held.release()

    await screen.findByText("Bob")
  })

  it("does not render again when a provider above it does with the same parameters", async () => {
    const renders = counter()
    function Reader(): ReactNode {
      renders.count("reader")
      return <Name />
    }
    const reader = <Reader />
    function Parent(): ReactNode {
      const [clicks, setClicks] = useState(0)
      return (
        <UserContext id={5}>
          {reader}
          <button onClick={() => setClicks(clicks + 1)}>{clicks}</button>
        </UserContext>
      )
    }
    const { server } = await open(<Parent />)
    await screen.findByText("Ada")
    renders.reset()

    fireEvent.click(screen.getByText("0"))
    await settle()

    screen.getByText("1")
    expect(renders.since()).toEqual({})
    expect(server.lines("GET ctx/user")).toHaveLength(1)
  })
})

describe("a query hook", () => {
  it("neither suspends nor throws", async () => {
    const server = await startServer()
    server.fail("GET ctx/global", 404, "NOT_FOUND")
    function Query(): ReactNode {
      const { data, error, isPending } = useCurrentUserQuery()
      return <p>{isPending ? "pending" : error !== null ? error.code : data?.email}</p>
    }

    await open(<Query />, {}, server)

    screen.getByText("pending")
    await screen.findByText("NOT_FOUND")
  })

  it("costs one request in StrictMode too", async () => {
    function Query(): ReactNode {
      return <p>{useUserProfileQuery({ id: 5 }).data?.name ?? "pending"}</p>
    }
    const { server } = await open(
      <StrictMode>
        <Query />
        <Query />
      </StrictMode>,
    )

    expect(await screen.findAllByText("Ada")).toHaveLength(2)
    await settle()
    expect(server.lines("GET ctx/user")).toHaveLength(1)
  })

  it("can be switched off", async () => {
    function Query(): ReactNode {
      return <p>{useUserProfileQuery({ id: 5 }, { enabled: false }).fetchStatus}</p>
    }
    const { server } = await open(<Query />)

    await settle()

    screen.getByText("idle")
    expect(server.lines("GET ctx/user")).toEqual([])
  })

  it("asks nothing while it waits for its parameters", async () => {
    function Query(): ReactNode {
      const [id, setId] = useState<number>()
      const { data } = useUserProfileQuery({ id }, { enabled: id !== undefined })
      return <button onClick={() => setId(5)}>{data?.name ?? "nobody"}</button>
    }
    const { server } = await open(<Query />)
    await settle()
    expect(server.lines("GET ctx/user")).toEqual([])

    fireEvent.click(screen.getByText("nobody"))

    await screen.findByText("Ada")
    expect(server.lines("GET ctx/user")).toEqual(["GET ctx/user/?id=5"])
  })

  it("gives what select makes of its data", async () => {
    function Query(): ReactNode {
      const { data } = useUserProfileQuery({ id: 5 }, { select: ({ name }) => name.length })
      return <p>{data ?? "pending"} letters</p>
    }
    await open(<Query />)

    await screen.findByText("3 letters")
  })

  it("has the error, and no data any more, of a function that began to fail", async () => {
    function Query(): ReactNode {
      const { data, error, isError, isSuccess } = useUserOrdersQuery({ id: 5 })
      return <p>{[data?.[0]?.total ?? "nothing", error?.code ?? "fine", isError, isSuccess].join()}</p>
    }
    const { server } = await open(
      <>
        <Query />
        <Refresh />
      </>,
    )
    await screen.findByText("19.90,fine,false,true")
    server.backend.broken.add("user_orders")

    fireEvent.click(screen.getByText("refresh"))

    await screen.findByText("nothing,INTERNAL_ERROR,true,false")
  })

  it("can show what it had for other parameters, or something of the app's own", async () => {
    function Query({ id }: { id: number }): ReactNode {
      const keep = useUserProfileQuery({ id }, { placeholderData: (previous) => previous })
      const made = useUserOrdersQuery({ id }, { placeholderData: () => [{ id: "none", total: "0.00" }] })
      return (
        <p>
          {keep.data?.name ?? "pending"} {made.data?.[0]?.total ?? "none"}
        </p>
      )
    }
    function Switch(): ReactNode {
      const [id, setId] = useState(5)
      return (
        <>
          <Query id={id} />
          <button onClick={() => setId(6)}>next</button>
        </>
      )
    }
    const { server } = await open(<Switch />)
    screen.getByText("pending 0.00")
    await screen.findByText("Ada 19.90")
    const held = server.hold("GET ctx/user")

    fireEvent.click(screen.getByText("next"))
    await held.arrived
    screen.getByText("Ada 0.00")
    held.release()

    await screen.findByText("Bob none")
  })
})

function Refresh(): ReactNode {
  const client = useMizan()
  return <button onClick={() => client.invalidate(["user"], "push")}>refresh</button>
}
