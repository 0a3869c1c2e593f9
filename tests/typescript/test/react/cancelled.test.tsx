// @vitest-environment happy-dom
import { fireEvent, screen } from "@testing-library/react"
import { type ReactNode, StrictMode, useState } from "react"
import { describe, expect, it, vi } from "vitest"
import { UserContext, useUserProfileQuery } from "../api"
import { startServer } from "../server/fixtures"
import { open, settle } from "./page"

describe("a request that nobody waits for any more", () => {
  /** What became of each fetch of a user by its id. */
  function watched(): { fetch: typeof globalThis.fetch; aborted: () => string[] } {
    const signals = new Map<string, AbortSignal>()
    return {
      fetch: (url, init) => {
        const id = new URL(String(url)).searchParams.get("id")
        if (id !== null && init?.signal) signals.set(id, init.signal)
        return globalThis.fetch(url, init)
      },
      aborted: () => [...signals].filter(([, signal]) => signal.aborted).map(([id]) => id),
    }
  }

  function Query({ id }: { id: number }): ReactNode {
    return <p>{useUserProfileQuery({ id }).data?.name ?? "pending"}</p>
  }

  it.each([
    ["a query hook", (id: number) => <Query id={id} />],
    ["a provider", (id: number) => <UserContext id={id} children={null} />],
  ])("is cancelled, of %s that has other parameters or is gone, also in StrictMode", async (_what, reader) => {
    function Search(): ReactNode {
      const [id, setId] = useState(5)
      return (
        <>
          {id < 7 && reader(id)}
          <button onClick={() => setId(id + 1)}>next</button>
        </>
      )
    }
    const server = await startServer()
    const held = [server.hold("GET ctx/user/?id=5"), server.hold("GET ctx/user/?id=6")]
    const { fetch, aborted } = watched()
    await open(
      <StrictMode>
        <Search />
      </StrictMode>,
      { fetch },
      server,
    )
    await held[0]?.arrived
    expect(aborted()).toEqual([])

    fireEvent.click(screen.getByText("next"))
    await held[1]?.arrived
    await vi.waitFor(() => expect(aborted()).toEqual(["5"]))
    fireEvent.click(screen.getByText("next"))
    await vi.waitFor(() => expect(aborted()).toEqual(["5", "6"]))

    for (const each of held) each.release()
    await settle()
    expect(server.lines("GET ctx/user")).toEqual(["GET ctx/user/?id=5", "GET ctx/user/?id=6"])
  })
})
