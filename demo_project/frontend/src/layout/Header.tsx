import { type ReactNode, Suspense } from "react"
import { AccountMenu } from "../account/AccountMenu"
import { useBoardStatistics } from "../api"
import { formatDay, formatMoney } from "../format"
import { ErrorBoundary } from "./ErrorBoundary"

export function Header(): ReactNode {
  return (
    <header className="header">
      <a className="brand" href="/">
        <svg viewBox="0 0 24 24" width="30" height="30" aria-hidden="true">
          <path className="brand-pin" d="M15 3 21 9l-2.4 1.2-3.4 3.4.2 3.9-1.8 1.8-4-4L4.5 20.5l-1-1 5.1-5.1-4-4L6.4 8.6l3.9.2 3.4-3.4Z" />
        </svg>
        <span>
          <h1>Pinboard</h1>
          <small>Summer street party</small>
        </span>
      </a>
      <ErrorBoundary>
        <Suspense fallback={<span className="header-loading" role="status" aria-label="Loading" />}>
          <Statistics />
          <AccountMenu />
        </Suspense>
      </ErrorBoundary>
    </header>
  )
}

function Statistics(): ReactNode {
  const { open_tasks, done_tasks, planned_cost, next_due } = useBoardStatistics()
  return (
    <dl className="statistics" aria-label="The board in numbers">
      <Figure name="Open" value={open_tasks} />
      <Figure name="Done" value={done_tasks} />
      <Figure name="Planned" value={formatMoney(planned_cost)} />
      <Figure name="Next due" value={next_due === null ? "–" : formatDay(next_due)} />
    </dl>
  )
}

function Figure({ name, value }: { name: string; value: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
