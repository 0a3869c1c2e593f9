import type { ReactNode } from "react"
import type { Priority } from "../api"

// A record, so that a priority the server gets is missed here by the compiler.
const TITLES: Record<Priority, string> = { high: "High", normal: "Normal", low: "Low" }

export function PriorityOptions(): ReactNode {
  return Object.entries(TITLES).map(([value, title]) => (
    <option key={value} value={value}>
      {title}
    </option>
  ))
}

/** The choice in a form's field called "priority". */
export function priorityOf(form: FormData): Priority {
  const value = form.get("priority")
  return value === "high" || value === "low" ? value : "normal"
}
