import type { ReactNode } from "react"
import { useActivity } from "../api"
import { useStatusTitles } from "../board/useStatusTitles"
import { formatAgo } from "../format"
import { Avatar } from "../layout/Avatar"
import { taskAddress } from "../task/openTask"

type Activity = ReturnType<typeof useActivity>[number]

/** What happened last. */
export function ActivityFeed(): ReactNode {
  const activity = useActivity()
  return (
    <section className="panel" aria-labelledby="activity">
      <h2 id="activity">Activity</h2>
      {activity.length === 0 && <p className="empty">Nothing has happened yet.</p>}
      <ol className="feed">
        {activity.map((entry) => (
          <li key={entry.id}>
            <Avatar person={entry.actor} />
            <p>
              <strong>{entry.actor.name}</strong> <What entry={entry} />
              <time dateTime={entry.at}>{formatAgo(entry.at)}</time>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function What({ entry }: { entry: Activity }): ReactNode {
  const titles = useStatusTitles()
  const task = <a href={taskAddress(entry.task_id)}>{entry.task_title}</a>
  switch (entry.kind) {
    case "created":
      return <>added {task}</>
    case "moved":
      return (
        <>
          moved {task} to {titles[entry.new_status]}
        </>
      )
    case "commented":
      return (
        <>
          on {task}: “{entry.excerpt}”
        </>
      )
  }
}
