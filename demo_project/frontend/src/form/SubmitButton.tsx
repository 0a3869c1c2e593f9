import type { ReactNode } from "react"

/** Sends the form; while its call is on the way it says so and takes no second click. */
export function SubmitButton({ isPending, children }: { isPending: boolean; children: ReactNode }): ReactNode {
  return (
    <button className="button button-primary" disabled={isPending} aria-busy={isPending}>
      {isPending && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}
