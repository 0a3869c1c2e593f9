import { MizanClient, type MizanClientOptions } from "kernel/client"
import { onTestFinished } from "vitest"
import { MockServer } from "./mockServer"

/** A server for this test alone. */
export async function startServer(): Promise<MockServer> {
  const server = await MockServer.start()
  onTestFinished(() => server.close())
  return server
}

/** A server, and a client that speaks to it. */
export async function startPair(
  options: MizanClientOptions = {},
): Promise<{ client: MizanClient; server: MockServer }> {
  const server = await startServer()
  return { client: new MizanClient({ baseUrl: server.baseUrl, ...options }), server }
}

/** What a promise rejects with; fails the test if it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error("It was expected to reject")
}

/** One turn of the event loop: whatever is ready by now has run, TanStack Query's notifications too. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
