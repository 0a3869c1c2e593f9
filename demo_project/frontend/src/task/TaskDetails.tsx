import { type ReactNode, useState } from "react"
import { type TaskDetail, useCurrentUser, useTaskDetail } from "../api"
import { formatDay, formatMoment, formatMoney } from "../format"
import { useStatusTitles } from "../board/useStatusTitles"
import { TaskForm } from "./TaskForm"

export function TaskDetails({ id }: { id: number }): ReactNode {
  const task = useTaskDetail({ id })
  const me = useCurrentUser()
  const [isEditing, setEditing] = useState(false)
  if (isEditing) return <TaskForm task={task} onDone={() => setEditing(false)} />
  return (
    <section aria-label="Details">
      <h3 className="task-title">{task.title}</h3>
      <p className={task.description ? "task-text" : "task-text empty"}>{task.description || "No description."}</p>
      <TaskFacts task={task} />
      <div className="task-actions">
        <a className="button" href={task.print_url} target="_blank" rel="noreferrer">
          Print
        </a>
        {me !== null && (
          <button type="button" className="button" onClick={() => setEditing(true)}>
            Edit
          </button>
        )}
      </div>
    </section>
  )
}

function TaskFacts({ task }: { task: TaskDetail }): ReactNode {
  const titles = useStatusTitles()
  return (
    <dl className="task-facts">
      <dt>Column</dt>
      <dd>{titles[task.status]}</dd>
      <dt>Priority</dt>
      <dd className="capital">{task.priority}</dd>
      <dt>Given to</dt>
      <dd>{task.assignee?.name ?? "Nobody yet"}</dd>
      <dt>Due</dt>
      <dd>{task.due === null ? "–" : formatDay(task.due)}</dd>
      <dt>Estimate</dt>
      <dd>{task.estimate === null ? "–" : formatMoney(task.estimate)}</dd>
      <dt>Added</dt>
      <dd>
        {formatMoment(task.created_at)} by {task.created_by.name}
      </dd>
    </dl>
  )
}
