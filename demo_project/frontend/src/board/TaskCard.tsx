import type { ReactNode } from "react"
import type { BoardColumn, Card } from "../api"
import { formatDay, formatMoney, isOver } from "../format"
import { Avatar } from "../layout/Avatar"
import { taskAddress } from "../task/openTask"
import type { Moves } from "./Column"

interface TaskCardProps extends Moves {
  task: Card
  isMovable: boolean
}

export function TaskCard({ task, isMovable, previous, next, onMove }: TaskCardProps): ReactNode {
  const moveTo = (column: BoardColumn | undefined, arrow: string): ReactNode =>
    column && (
      <button
        type="button"
        className="button-icon"
        aria-label={`Move “${task.title}” to ${column.title}`}
        title={`Move to ${column.title}`}
        onClick={() => onMove(task.id, column.status)}
      >
        {arrow}
      </button>
    )
  return (
    <li
      className={`card card-${task.priority}`}
      draggable={isMovable}
      onDragStart={(event) => event.dataTransfer.setData("text/plain", String(task.id))}
    >
      <a id={`task-${task.id}`} className="card-title" href={taskAddress(task.id)} draggable={false}>
        {task.title}
      </a>
      <Facts task={task} />
      <footer className="card-foot">
        {task.assignee ? (
          <>
            <Avatar person={task.assignee} />
            <span className="card-assignee">{task.assignee.name}</span>
          </>
        ) : (
          <span className="card-assignee">Nobody yet</span>
        )}
        {isMovable && (
          <span className="card-moves">
            {moveTo(previous, "←")}
            {moveTo(next, "→")}
          </span>
        )}
      </footer>
    </li>
  )
}

function Facts({ task }: { task: Card }): ReactNode {
  const isLate = task.due !== null && task.status !== "done" && isOver(task.due)
  return (
    <p className="facts">
      {task.priority === "high" && <span className="fact fact-high">High priority</span>}
      {task.priority === "low" && <span className="fact">Low priority</span>}
      {task.due !== null && <span className={isLate ? "fact fact-late" : "fact"}>Due {formatDay(task.due)}</span>}
      {task.estimate !== null && <span className="fact">{formatMoney(task.estimate)}</span>}
      {task.comment_count > 0 && (
        <span className="fact">{task.comment_count === 1 ? "1 comment" : `${task.comment_count} comments`}</span>
      )}
    </p>
  )
}
