import { type ReactNode, useState, useSyncExternalStore } from "react"
import { useTasksQuery } from "../api"
import type { RequestHistory, RequestLog } from "./requestLog"
import { RequestTable } from "./RequestTable"

/** For developers: what the page asked of the server, and what the server's cache had of it. */
export function RequestPanel({ log }: { log: RequestLog }): ReactNode {
  // Open where there is a place beside the board for it; after that it is the reader's to open and close.
  const [isOpen, setOpen] = useState(() => window.matchMedia("(min-width: 1200px)").matches)
  const history = useSyncExternalStore(log.subscribe, log.getSnapshot)
  return (
    <aside className="requests" aria-label="Requests">
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="requests-handle">
          Requests <span className="count">{history.total}</span>
        </summary>
        <div className="requests-body">
          <div className="requests-head">
            <Counts history={history} />
            <ReadAgain />
          </div>
          <RequestTable requests={history.latest} />
        </div>
      </details>
    </aside>
  )
}

function Counts({ history: { hits, misses } }: { history: RequestHistory }): ReactNode {
  return (
    <output>
      {hits} {hits === 1 ? "hit" : "hits"}, {misses} {misses === 1 ? "miss" : "misses"}
    </output>
  )
}

/** Fetches the board once more; any of its functions will do, because `refetch` asks for the whole context. */
function ReadAgain(): ReactNode {
  const { refetch } = useTasksQuery({}, { enabled: false })
  return (
    <button type="button" className="button" onClick={() => void refetch({ cancelRefetch: false })}>
      Read again
    </button>
  )
}
