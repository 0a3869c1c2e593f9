import { type DragEvent, type ReactNode, useState } from "react"
import { type BoardColumn, type Card, type MizanError, type Status, useCurrentUser } from "../api"
import { AddTask } from "./AddTask"
import { ClearDone } from "./ClearDone"
import { LimitEditor } from "./LimitEditor"
import { MoveError } from "./MoveError"
import { TaskCard } from "./TaskCard"

export interface Moves {
  previous: BoardColumn | undefined
  next: BoardColumn | undefined
  onMove: (id: number, status: Status) => void
}

interface ColumnProps extends Moves {
  column: BoardColumn
  tasks: readonly Card[]
  /** Why the last move into this column failed. */
  error: MizanError | null
  onDismiss: () => void
}

export function Column({ column, tasks, error, onDismiss, ...moves }: ColumnProps): ReactNode {
  const me = useCurrentUser()
  const [isTarget, setTarget] = useState(false)
  const isFull = column.limit !== null && tasks.length >= column.limit
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setTarget(false)
    const id = Number(event.dataTransfer.getData("text/plain"))
    if (id && tasks.every((task) => task.id !== id)) moves.onMove(id, column.status)
  }
  return (
    <section
      className={`column column-${column.status}${isTarget ? " column-target" : ""}`}
      aria-label={column.title}
      onDragOver={(event) => {
        if (me === null) return
        event.preventDefault()
        setTarget(true)
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={drop}
    >
      <header className="column-head">
        <h2>{column.title}</h2>
        <span className={isFull ? "count count-full" : "count"} aria-label={countLabel(tasks.length, column.limit)}>
          {tasks.length}
          {column.limit !== null && ` / ${column.limit}`}
        </span>
        {me?.is_staff && <LimitEditor column={column} />}
      </header>
      <MoveError error={error} column={column} onDismiss={onDismiss} />
      {tasks.length === 0 ? (
        <p className="empty">Nothing here yet.</p>
      ) : (
        <ul className="cards">
          {tasks.map((task) => (
            <TaskCard key={task.id} task={task} isMovable={me !== null} {...moves} />
          ))}
        </ul>
      )}
      {me !== null && column.status === "todo" && <AddTask />}
      {me?.role === "organiser" && column.status === "done" && tasks.length > 0 && <ClearDone />}
    </section>
  )
}

function countLabel(count: number, limit: number | null): string {
  const tasks = count === 1 ? "1 task" : `${count} tasks`
  return limit === null ? tasks : `${tasks}, ${limit} at most`
}
