import type { MizanClient } from "./client"
import type { Invalidation, Merge } from "./invalidation"

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
    if (source === "answer") channel.postMessage({ event, invalidate: [...invalidate, ...merge.map(withoutValue)] })
  })
  channel.onmessage = ({ data }: MessageEvent<Message>) => client.invalidate(data.invalidate, "tab", data.event)
  return () => {
    unfollow()
    channel.close()
  }
}

/** A merged value is for the user of this tab; another tab may have another, and fetches its own. */
function withoutValue({ value: _value, ...scope }: Merge): Invalidation {
  return scope
}
