// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider, useQueryClient } from "@tanstack/react-query"
import { act, fireEvent, render, screen } from "@testing-library/react"
import { Activity, type ReactNode, StrictMode, useState } from "react"
import { renderToString } from "react-dom/server"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import {
  callEcho,
  callUpdateProfile,
  configureMizan,
  type HydrationPayload,
  MizanClient,
  MizanContext,
  useCurrentUser,
  useMizan,
  useUpdateProfile,
  useUserProfile,
  useUserProfileQuery,
} from "../api"
import { startServer } from "../server/fixtures"
import { Boundary, expectErrors, open, settle, startPage } from "./page"

const current_user = { email: "page@example.com", id: 5, joined: "2026-01-02T03:04:05Z" }
const payload: HydrationPayload = {
  v: 1,
  csrfToken: "csrf-1",
  contexts: [
    { name: "global", params: {}, data: { current_user, site_info: { name: "Shop" } } },
    { name: "user", params: { id: 5 }, data: { user_orders: [], user_profile: { bio: null, id: 5, name: "Page" } } },
  ],
}

function Who(): ReactNode {
  return <p>{useCurrentUser()?.email ?? "visitor"}</p>
}

function Name(): ReactNode {
  return <p>{useUserProfile({ id: 5 }).name}</p>
}

function writePage(text: string): void {
  const script = document.createElement("script")
  script.type = "application/json"
  script.id = "mizan-data"
  script.textContent = text
  document.body.append(script)
  onTestFinished(() => script.remove())
}

describe("data that came with the page", () => {
  it("is in the first paint, and costs no request; neither does the CSRF token", async () => {
    writePage(JSON.stringify(payload))
    const { server } = await open(<Who />)

    screen.getByText("page@example.com")
    await settle()
    await callEcho({ text: "a" })

    expect(server.lines()).toEqual(["POST call/echo/"])
  })

  it("can be given as a prop, in a test for instance", async () => {
    const { server } = await open(
      <StrictMode>
        <Who />
      </StrictMode>,
      { hydration: payload },
    )

    screen.getByText("page@example.com")
    await settle()
    expect(server.lines()).toEqual([])
  })

  it("is not brought back by a provider that mounts after something has changed", async () => {
    writePage(JSON.stringify(payload))
    function Screen(): ReactNode {
      const save = useUpdateProfile()
      return (
        <>
          <Name />
          <button onClick={() => save.mutate({ id: 5, name: "Eve" })}>save</button>
        </>
      )
    }
    const { baseUrl, server } = await startPage()
    const first = render(<MizanContext baseUrl={baseUrl} children={<Screen />} />)
    screen.getByText("Page")
    fireEvent.click(screen.getByText("save"))
    await screen.findByText("Eve")
    first.unmount()

    render(<MizanContext baseUrl={baseUrl} children={<Name />} />)

    expect(screen.queryByText("Page")).toBeNull()
    await screen.findByText("Eve")
    expect(server.lines("GET ctx/user")).toHaveLength(2)
  })

  it("is shown, and fetched again, where Back has brought the page from the browser's cache", async () => {
    const back = { type: "back_forward" } as unknown as PerformanceEntry
    vi.spyOn(performance, "getEntriesByType").mockReturnValue([back])
    writePage(JSON.stringify(payload))
    const { server } = await open(<Who />)

    await settle()

    expect(server.lines("GET ctx/global")).toHaveLength(1)
  })

  it("is fetched again where Back has brought the whole page from memory", async () => {
    writePage(JSON.stringify(payload))
    const { server } = await open(<Who />)
    await settle()
    expect(server.lines("GET ctx/global")).toEqual([])
    const come = (persisted: boolean): boolean =>
      window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }))

    come(false)
    await settle()
    expect(server.lines("GET ctx/global")).toEqual([])
    come(true)
    await settle()

    expect(server.lines("GET ctx/global")).toHaveLength(1)
  })

  it("of another version is left alone", async () => {
    writePage(JSON.stringify({ ...payload, v: 2 }))

    await open(<Who />)

    await screen.findByText("ada@example.com")
  })

  it("may hold the failures of single functions", async () => {
    const $errors = { current_user: { error: true, code: "UNAUTHORIZED", message: "Log in to do this." } }
    await open(<Who />, { hydration: { v: 1, contexts: [{ name: "global", params: {}, data: { $errors } }] } })

    screen.getByText("visitor")
  })
})

describe("the QueryClient", () => {
  function Uses({ expected }: { expected: QueryClient }): ReactNode {
    return <p>{String(useQueryClient() === expected)}</p>
  }

  it("is the app's where it gives one, or has one above", async () => {
    const queryClient = new QueryClient()
    const { baseUrl } = await startPage()
    await open(<Uses expected={queryClient} />, { queryClient })
    render(
      <QueryClientProvider client={queryClient}>
        <MizanContext baseUrl={baseUrl} children={<Uses expected={queryClient} />} />
      </QueryClientProvider>,
    )

    expect(screen.getAllByText("true")).toHaveLength(2)
  })

  it("of a provider further down is not taken for ours", async () => {
    await open(
      <QueryClientProvider client={new QueryClient()}>
        <Name />
      </QueryClientProvider>,
    )
    await screen.findByText("Ada")

    await act(() => callUpdateProfile({ id: 5, name: "Eve" }))

    await screen.findByText("Eve")
  })

  it("of our own makes do with one request where the server refuses", async () => {
    const server = await startServer()
    server.fail("GET ctx/user", 404, "NOT_FOUND", { times: 9 })

    await open(<Query />, {}, server)

    await screen.findByText("NOT_FOUND")
    expect(server.lines("GET ctx/user")).toHaveLength(1)
  })

  it("of our own waits as long as the server says where it has had too many requests", async () => {
    const server = await startServer()
    server.fail("GET ctx/user", 429, "TOO_MANY_REQUESTS", { details: { retry_after: 0.05 } })

    await open(<Query />, {}, server)

    await screen.findByText("Ada")
    expect(server.lines("GET ctx/user")).toHaveLength(2)
  })

  it("of our own does not try again if that is too long to wait", async () => {
    const server = await startServer()
    server.fail("GET ctx/user", 429, "TOO_MANY_REQUESTS", { details: { retry_after: 3600 } })

    await open(<Query />, {}, server)

    await screen.findByText("TOO_MANY_REQUESTS")
  })

  it("of our own tries no more where a server renders the page", () => {
    let retry: unknown
    function Probe(): ReactNode {
      retry = useQueryClient().getDefaultOptions().queries?.retry
      return null
    }
    vi.stubGlobal("window", undefined)
    onTestFinished(() => void vi.unstubAllGlobals())

    renderToString(<MizanContext hydration={payload} children={<Probe />} />)

    expect(typeof retry === "function" && retry(0, new Error("down"))).toBe(false)
  })

  it("of our own tries twice more where the server has failed", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    onTestFinished(() => void vi.useRealTimers())
    const fetch = vi.fn(() => Promise.reject(new TypeError("down")))

    render(<MizanContext baseUrl="http://down" fetch={fetch} children={<Query />} />)
    await act(() => vi.advanceTimersByTimeAsync(10_000))

    screen.getByText("NETWORK_ERROR")
    // The user context and the global one.
    expect(fetch).toHaveBeenCalledTimes(6)
  })

  function Query(): ReactNode {
    const { data, error } = useUserProfileQuery({ id: 5 })
    return <p>{error?.code ?? data?.name ?? "pending"}</p>
  }
})

describe("the client", () => {
  it("is the one that calls outside React use, also in StrictMode", async () => {
    let inside: MizanClient | undefined
    function Look(): ReactNode {
      inside = useMizan()
      return null
    }
    const { server } = await open(
      <StrictMode>
        <Look />
      </StrictMode>,
    )
    const heard = vi.fn()
    inside?.onInvalidate(heard)

    await callUpdateProfile({ id: 5 })

    expect(heard).toHaveBeenCalledTimes(1)
    expect(server.lines("GET session/")).toHaveLength(1)
  })

  it("can be made by the app", async () => {
    const { baseUrl, server } = await startPage()
    const client = new MizanClient({ baseUrl, getToken: () => "t1" })
    server.backend.tokens.set("t1", 6)

    render(<MizanContext client={client} children={<Who />} />)

    await screen.findByText("bob@example.com")
    await callEcho({ text: "a" })
    expect(server.received.at(-1)?.headers["x-mizan-token"]).toBe("t1")
  })

  it("keeps what configureMizan() was told, where the address is the same", async () => {
    const { baseUrl, server } = await startPage()
    configureMizan({ baseUrl, headers: () => ({ "X-From": "configure" }) })

    render(<MizanContext baseUrl={baseUrl} children={<Who />} />)

    await screen.findByText("ada@example.com")
    expect(server.received[0]?.headers["x-from"]).toBe("configure")
  })

  it("tells the hook that is used without it what to do", () => {
    expectErrors()
    render(
      <Boundary>
        <Who />
      </Boundary>,
    )

    expect(screen.getByRole("alert").textContent).toContain("Mizan hooks need <MizanContext> above them")
  })
})

describe("several providers on a page", () => {
  it("each follow what any of them changes, with one request each", async () => {
    const { baseUrl, server } = await startPage()
    const { rerender } = render(
      <>
        <MizanContext baseUrl={baseUrl} children={<Name />} />
        <MizanContext baseUrl={baseUrl} children={<Name />} />
      </>,
    )
    await vi.waitFor(() => expect(screen.getAllByText("Ada")).toHaveLength(2))
    server.forget()

    await act(() => callUpdateProfile({ id: 5, name: "Eve" }))
    await vi.waitFor(() => expect(screen.getAllByText("Eve")).toHaveLength(2))

    expect(server.lines("GET ctx")).toHaveLength(2)
    rerender(<MizanContext baseUrl={baseUrl} children={<Name />} />)
    await act(() => callUpdateProfile({ id: 5, name: "Eva" }))
    await screen.findByText("Eva")
  })
})

describe("a tree that React hides", () => {
  it("makes up for what it missed when it is shown again", async () => {
    const { baseUrl, server } = await startPage()
    function App(): ReactNode {
      const [mode, setMode] = useState<"hidden" | "visible">("visible")
      return (
        <>
          <button onClick={() => setMode(mode === "visible" ? "hidden" : "visible")}>toggle</button>
          <Activity mode={mode}>
            <MizanContext baseUrl={baseUrl} children={<Name />} />
          </Activity>
        </>
      )
    }
    render(<App />)
    await screen.findByText("Ada")
    fireEvent.click(screen.getByText("toggle"))
    await settle()
    await act(() => callUpdateProfile({ id: 5, name: "Eve" }))
    await settle()

    fireEvent.click(screen.getByText("toggle"))

    await screen.findByText("Eve")
    expect(screen.queryByText("Ada")).toBeNull()
    expect(server.lines("GET ctx/user").length).toBeLessThanOrEqual(2)
  })
})

describe("on a server", () => {
  it("renders what it was given, and keeps users apart", () => {
    vi.stubGlobal("window", undefined)
    vi.stubGlobal("document", undefined)
    onTestFinished(() => void vi.unstubAllGlobals())
    const given = (email: string): HydrationPayload => ({
      v: 1,
      contexts: [{ name: "global", params: {}, data: { current_user: { ...current_user, email } } }],
    })

    const pages = ["a@example.com", "b@example.com"].map((email) =>
      renderToString(<MizanContext hydration={given(email)} children={<Who />} />),
    )

    expect(pages[0]).toContain("a@example.com")
    expect(pages[1]).toContain("b@example.com")
  })
})
