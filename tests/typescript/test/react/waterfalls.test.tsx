// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query"
import { render, screen } from "@testing-library/react"
import { type ReactNode, StrictMode } from "react"
import { describe, expect, it } from "vitest"
import {
  MizanClient,
  MizanContext,
  preloadContext,
  UserContext,
  userContext,
  usePreload,
  useUserOrders,
  useUserProfile,
} from "../api"
import { startServer } from "../server/fixtures"
import { open, settle, startPage } from "./page"

function Name({ id }: { id?: number }): ReactNode {
  return <p>{useUserProfile(id === undefined ? undefined : { id }).name}</p>
}

describe("requests leave at once", () => {
  it("of every provider in a tree, while the server has answered none of them", async () => {
    const server = await startServer()
    const held = [5, 6].map((id) => server.hold(`GET ctx/user/?id=${id}`))
    await open(
      <StrictMode>
        <UserContext id={5}>
          <Name />
          <UserContext id={6}>
            <Name />
          </UserContext>
        </UserContext>
      </StrictMode>,
      {},
      server,
    )

    await Promise.all(held.map(({ arrived }) => arrived))
    for (const each of held) each.release()

    await screen.findByText("Ada")
    await screen.findByText("Bob")
    await settle()
    expect(server.lines("GET ctx/user").sort()).toEqual(["GET ctx/user/?id=5", "GET ctx/user/?id=6"])
  })

  it("of one component that reads several contexts, where it asks for them first", async () => {
    function Both(): ReactNode {
      const preload = usePreload()
      preload(userContext, { id: 5 })
      preload(userContext, { id: 6 })
      const { name } = useUserProfile({ id: 5 })
      return (
        <p>
          {name} {useUserOrders({ id: 6 }).length}
        </p>
      )
    }
    const server = await startServer()
    const held = [5, 6].map((id) => server.hold(`GET ctx/user/?id=${id}`))
    await open(<Both />, {}, server)

    await Promise.all(held.map(({ arrived }) => arrived))
    for (const each of held) each.release()

    await screen.findByText("Ada 0")
    await settle()
    expect(server.lines("GET ctx/user/?id=5")).toHaveLength(1)
    expect(server.lines("GET ctx/user/?id=6")).toHaveLength(1)
  })

  it("of a router, before anything is rendered", async () => {
    const { baseUrl, server } = await startPage()
    const scope = { client: new MizanClient({ baseUrl }), queryClient: new QueryClient() }
    await preloadContext(scope, userContext, { id: 5 })
    server.fail("GET ctx/user/?id=6", 404, "NOT_FOUND")
    scope.queryClient.setDefaultOptions({ queries: { retry: false } })

    // A failure is told by who reads the context.
    await preloadContext(scope, userContext, { id: 6 })
    render(<MizanContext {...scope} children={<Name id={5} />} />)

    screen.getByText("Ada")
    await settle()
    expect(server.lines("GET ctx/user/?id=5")).toHaveLength(1)
  })
})
