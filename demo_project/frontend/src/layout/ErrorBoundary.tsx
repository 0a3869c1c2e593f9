import { QueryErrorResetBoundary } from "@tanstack/react-query"
import { Component, type ReactNode } from "react"

interface BoundaryProps {
  children: ReactNode
  onReset: () => void
}

interface BoundaryState {
  error: Error | null
}

class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: null }

  static getDerivedStateFromError(error: Error): BoundaryState {
    return { error }
  }

  readonly #retry = (): void => {
    this.props.onReset()
    this.setState({ error: null })
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <div className="notice notice-error" role="alert">
        <p>{error.message}</p>
        <button type="button" className="button" onClick={this.#retry}>
          Try again
        </button>
      </div>
    )
  }
}

/** Shows what went wrong in place of what is inside, and asks the server again on request. */
export function ErrorBoundary({ children }: { children: ReactNode }): ReactNode {
  return <QueryErrorResetBoundary>{({ reset }) => <Boundary onReset={reset}>{children}</Boundary>}</QueryErrorResetBoundary>
}
