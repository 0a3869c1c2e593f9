import type { ReactNode } from "react"
import { type BoardColumn, type MizanError, WipLimitReachedError } from "../api"

interface MoveErrorProps {
  error: MizanError | null
  column: BoardColumn
  onDismiss: () => void
}

export function MoveError({ error, column, onDismiss }: MoveErrorProps): ReactNode {
  if (error === null) return null
  return (
    <div className="notice notice-error" role="alert">
      <p>
        {error instanceof WipLimitReachedError
          ? `“${column.title}” takes ${error.details.limit} tasks at a time. Finish one of them first.`
          : error.message}
      </p>
      <button type="button" className="button-icon" aria-label="Dismiss" onClick={onDismiss}>
        ×
      </button>
    </div>
  )
}
