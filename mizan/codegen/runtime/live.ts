import type { MizanClient } from "./client"
import type { Invalidation, InvalidationEvent } from "./invalidation"
import { isRecord } from "./json"

/** Tells the other tabs of this browser what a call in this one changed, and the other way round. Returns the undo. */
export function crossTab(client: MizanClient): () => void {
  if (typeof BroadcastChannel === "undefined") return () => {}
  // However many providers use a client, it has one channel: two would hear each other.
  return client.share(crossTab, () => openTab(client))
}

function openTab(client: MizanClient): () => void {
  const channel = new BroadcastChannel(`mizan:${client.baseUrl}`)
  const unfollow = client.onInvalidate((event) => {
    if (event.source === "answer") channel.postMessage({ invalidate: staleElsewhere(event), event: event.event })
  })
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    // A tab may still run an older version of the page.
    if (!isRecord(data) || !Array.isArray(data["invalidate"])) return
    const event = typeof data["event"] === "string" ? data["event"] : undefined
    client.invalidate(data["invalidate"], "tab", event)
  }
  return () => {
    unfollow()
    channel.close()
  }
}

/** A merged value is for the user of this tab; another tab may have another, and fetches its own. */
function staleElsewhere({ invalidate, merge }: InvalidationEvent): readonly Invalidation[] {
  return [...invalidate, ...merge.map(({ value: _value, ...scope }) => scope)]
}
