import { type ReactNode, useState } from "react"
import { useCurrentUserQuery } from "../api"
import { LogInDialog } from "./LogInDialog"

/** Tells a visitor what an account is good for. */
export function VisitorNote(): ReactNode {
  const { data: me } = useCurrentUserQuery()
  const [isOpen, setOpen] = useState(false)
  if (me !== null) return null
  return (
    <section className="visitor" aria-label="You are a visitor">
      <p>
        You are looking around as a visitor. Log in with a sample account to move, add and discuss tasks.{" "}
        <button type="button" className="button-link" onClick={() => setOpen(true)}>
          See the accounts
        </button>
      </p>
      {isOpen && <LogInDialog onClose={() => setOpen(false)} />}
    </section>
  )
}
