import { act, render, type RenderResult } from "@testing-library/react"
import { Component, type ReactNode } from "react"
import { beforeEach, expect, onTestFinished, vi } from "vitest"
import { isMizanError, MizanContext, type MizanContextProps } from "../api"
import { startServer, turn } from "../server/fixtures"
import type { MockServer } from "../server/mockServer"

export interface Page extends RenderResult {
  server: MockServer
}

/** Shows *ui* below a `<MizanContext>` of a page of the server. */
export async function open(ui: ReactNode, props: MizanContextProps = {}, server?: MockServer): Promise<Page> {
  const { baseUrl, ...page } = await startPage(server)
  return { ...page, ...render(<MizanContext {...{ baseUrl }} {...props} children={ui} />) }
}

/** A server whose page the browser is on. */
export async function startPage(given?: MockServer): Promise<{ baseUrl: string; server: MockServer }> {
  const server = given ?? (await startServer())
  // happy-dom's own; it lets requests to the page's origin pass.
  Reflect.get(window, "happyDOM").setURL(`${server.origin}/`)
  return { baseUrl: server.baseUrl, server }
}

/** Shows the code of an error of ours, else its message. */
export class Boundary extends Component<{ children: ReactNode; onReset?: () => void }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    const again = (): void => {
      this.props.onReset?.()
      this.setState({ error: null })
    }
    return (
      <p role="alert">
        {isMizanError(error) ? error.code : error.message}
        <button onClick={again}>again</button>
      </p>
    )
  }
}

/** React and happy-dom print errors that a boundary is about to show. */
export function expectErrors(): void {
  const printed = vi.spyOn(console, "error").mockImplementation(() => {})
  onTestFinished(() => {
    expect(printed).toHaveBeenCalled()
  })
}

/** Counts how often components render. */
export function counter(): { count: (name: string) => void; since: () => Record<string, number>; reset: () => void } {
  let counts: Record<string, number> = {}
  return {
    count: (name) => {
      counts[name] = (counts[name] ?? 0) + 1
    },
    since: () => counts,
    reset: () => {
      counts = {}
    },
  }
}

/** Waits until the page has no request under way and has shown what came. */
export async function settle(): Promise<void> {
  let known: number
  do {
    known = requests.length
    await act(async () => {
      await Promise.allSettled(requests)
      await turn()
    })
    // What React has shown by now may ask for more.
    await act(turn)
  } while (requests.length > known)
}

/** The requests of this test, each with its answer and the answer's text. */
let requests: Promise<Response>[] = []

beforeEach(() => {
  requests = []
  const { fetch } = globalThis
  const request = async (...args: Parameters<typeof fetch>): Promise<Response> => {
    const response = await fetch(...args)
    const text = await response.text()
    response.text = () => Promise.resolve(text)
    return response
  }
  vi.stubGlobal("fetch", (...args: Parameters<typeof fetch>) => {
    requests.push(request(...args))
    return requests.at(-1)
  })
  return () => void vi.unstubAllGlobals()
})
