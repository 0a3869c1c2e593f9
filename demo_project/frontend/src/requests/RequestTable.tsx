import type { ReactNode } from "react"
import type { CacheUse, Exchange } from "./requestLog"

const MEANING: Readonly<Record<CacheUse, string>> = {
  HIT: "Every function's answer was kept on the server",
  MISS: "At least one function had to run",
  BYPASS: "Nothing is kept of these functions",
}

export function RequestTable({ requests }: { requests: readonly Exchange[] }): ReactNode {
  return (
    <div className="requests-list">
      {requests.length === 0 ? (
        <p className="empty">Nothing so far: the page came with its data.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Asked</th>
              <th scope="col">Cache</th>
              <th scope="col">Status</th>
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            {requests.map((request) => (
              <Row key={request.id} request={request} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

function Row({ request }: { request: Exchange }): ReactNode {
  const { cache, details, method, milliseconds, name, status } = request
  return (
    <tr>
      <th scope="row" title={`${method} ${name} ${details}`.trim()}>
        <span>{method}</span> {name} <span>{details}</span>
      </th>
      <td>{cache !== null && <CacheBadge cache={cache} />}</td>
      <td className={status === null || status >= 400 ? "requests-failed" : undefined}>{status ?? "none"}</td>
      <td>{Math.round(milliseconds)} ms</td>
    </tr>
  )
}

function CacheBadge({ cache }: { cache: CacheUse }): ReactNode {
  return (
    <span className={`badge badge-${cache.toLowerCase()}`} title={MEANING[cache]}>
      {cache}
    </span>
  )
}
