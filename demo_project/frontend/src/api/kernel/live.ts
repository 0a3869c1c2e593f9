/* eslint-disable */
import type { MizanClient } from "./client"
import type { Invalidation } from "./invalidation"
import { isRecord } from "./json"

/** What one tab sends to the others. */
interface Message {
  event: string | undefined
  invalidate: readonly Invalidation[]
}

/** Tells the other tabs of this browser what a call in this tab changed, and listens to them. Returns the undo. */
export function crossTab(client: MizanClient): () => void {
  if (!globalThis.BroadcastChannel) return () => {}
  // Several providers may use one client. They share a channel, because two channels of one tab would hear each other.
  return client.share(crossTab, () => openTab(client))
}

function openTab(client: MizanClient): () => void {
  const channel = new BroadcastChannel(`mizan:${client.baseUrl}`)
  const unfollow = client.onInvalidate(({ event, invalidate, merge, source }) => {
    // Another tab may have another user. So a value that came with the answer is not passed on: it is stale over there.
    if (source === "answer") channel.postMessage({ event, invalidate: [...invalidate, ...merge] })
  })
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isMessage(data)) client.invalidate(data.invalidate, "tab", data.event)
  }
  return () => {
    unfollow()
    channel.close()
  }
}

/** The other tab may run another version of the client, and any script of this origin may write to the channel. */
function isMessage(data: unknown): data is Message {
  const isName = (value: unknown): boolean => value === undefined || typeof value === "string"
  const isInvalidation = (value: unknown): boolean =>
    typeof value === "string" ||
    (isRecord(value) &&
      typeof value["context"] === "string" &&
      isName(value["function"]) &&
      (value["params"] === undefined || isRecord(value["params"])))
  if (!isRecord(data) || !isName(data["event"])) return false
  return Array.isArray(data["invalidate"]) && data["invalidate"].every(isInvalidation)
}
