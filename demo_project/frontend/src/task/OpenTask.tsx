import type { ReactNode } from "react"
import { TaskContext } from "../api"
import { Dialog } from "../layout/Dialog"
import { ErrorBoundary } from "../layout/ErrorBoundary"
import { SideSkeleton } from "../layout/Skeleton"
import { Comments } from "./Comments"
import { closeTask, useOpenTask } from "./openTask"
import { TaskDetails } from "./TaskDetails"

/** The task that the address names. Details and comments read the same context: one request brings both. */
export function OpenTask(): ReactNode {
  const id = useOpenTask()
  if (id === null) return null
  return (
    <Dialog key={id} title="Task" onClose={closeTask} isWide>
      <ErrorBoundary>
        <TaskContext id={id} fallback={<SideSkeleton />}>
          <TaskDetails id={id} />
          <Comments id={id} />
        </TaskContext>
      </ErrorBoundary>
    </Dialog>
  )
}
