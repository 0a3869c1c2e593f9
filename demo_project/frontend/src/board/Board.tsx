import { type ReactNode, useEffect, useRef } from "react"
import { boardContext, patch, type Status, useColumns, useMoveTask, useTasks } from "../api"
import { Column } from "./Column"

/** The columns side by side. A moved card is in its new place at once, and back in the old one if the server objects. */
export function Board(): ReactNode {
  const columns = useColumns()
  const tasks = useTasks()
  const move = useMoveTask({
    optimistic: ({ id, status }) => [
      patch(boardContext, "tasks", {}, (cards) => cards.map((card) => (card.id === id ? { ...card, status } : card))),
    ],
  })
  const moved = useRef<number | null>(null)
  const onMove = (id: number, status: Status): void => {
    moved.current = id
    move.mutate({ id, status })
  }

  // A card is a new element in its new column: whoever moved it by keyboard goes on from there.
  useEffect(() => {
    const isFocusLost = document.activeElement === document.body
    if (moved.current !== null && isFocusLost) document.getElementById(`task-${moved.current}`)?.focus()
    if (!move.isPending) moved.current = null
  }, [tasks, move.isPending])

  return (
    <div className="columns">
      {columns.map((column, index) => (
        <Column
          key={column.status}
          column={column}
          previous={columns[index - 1]}
          next={columns[index + 1]}
          tasks={tasks.filter((task) => task.status === column.status)}
          error={move.variables?.status === column.status ? move.error : null}
          onDismiss={move.reset}
          onMove={onMove}
        />
      ))}
    </div>
  )
}
