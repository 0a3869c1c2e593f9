import type { ReactNode } from "react"

/** The board before its data has come. */
export function BoardSkeleton(): ReactNode {
  return (
    <div className="columns" role="status" aria-label="Loading the board">
      {[3, 2, 1, 2].map((cards, column) => (
        <div className="column" key={column}>
          {Array.from({ length: cards }, (_, card) => (
            <div className="skeleton" key={card} />
          ))}
        </div>
      ))}
    </div>
  )
}

export function SideSkeleton(): ReactNode {
  return (
    <div className="panel" role="status" aria-label="Loading">
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  )
}
