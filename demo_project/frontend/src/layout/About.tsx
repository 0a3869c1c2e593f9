import type { ReactNode } from "react"

/** What this page is there to show, and where the functions behind it can be looked at. */
export function About(): ReactNode {
  return (
    <section className="about" aria-label="About this demo">
      <p>
        <strong>Mizan</strong> makes typed Python functions of Django callable from React. This board is its demo: every
        button calls one of <a href="/api/mizan/">these functions</a>.
      </p>
    </section>
  )
}
