import type { ReactNode } from "react"
import type { Person } from "../api"

const HUES = [14, 48, 150, 195, 232, 275, 325]

/** A person's picture, else their initials on a colour of their own. The name stands beside it or in its title. */
export function Avatar({ person, size = "small" }: { person: Person; size?: "small" | "large" }): ReactNode {
  const className = `avatar avatar-${size}`
  if (person.avatar_url !== null) return <img className={className} src={person.avatar_url} alt="" title={person.name} />
  const hue = HUES[person.id % HUES.length] ?? 195
  return (
    <span className={className} style={{ "--hue": hue }} title={person.name} aria-hidden="true">
      {initials(person.name)}
    </span>
  )
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0]?.toUpperCase() ?? "").join("")
}
