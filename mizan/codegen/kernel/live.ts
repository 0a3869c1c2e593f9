import type { MizanClient } from "./client"
import type { Invalidation } from "./invalidation"

/** What tabs tell each other. */
interface Message {
  event: string | undefined
  invalidate: readonly Invalidation[]
}

/** Tells the other tabs of this browser what a call in this one changed, and the other way round. Returns the undo. */
export function crossTab(client: MizanClient): () => void {
  if (!globalThis.BroadcastChannel) return () => {}
  // However many providers use a client, it has one channel: two would hear each other.
  return client.share(crossTab, () => openTab(client))
}

function openTab(client: MizanClient): () => void {
  const channel = new BroadcastChannel(`mizan:${client.baseUrl}`)
  const unfollow = client.onInvalidate(({ event, invalidate, merge, source }) => {
    // What is a new value here is only stale there: another tab may have another user.
    if (source === "answer") channel.postMessage({ event, invalidate: [...invalidate, ...merge] })
  })
  channel.onmessage = ({ data }: MessageEvent<Message>) => client.invalidate(data.invalidate, "tab", data.event)
  return () => {
    unfollow()
    channel.close()
  }
}
