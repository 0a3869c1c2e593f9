import type { ReactNode } from "react"
import type { MizanError } from "../api"
import { errorOfForm } from "./errors"

interface FormErrorProps {
  error: MizanError | null
  /** The paths that have a field of their own. */
  fields?: readonly string[]
}

export function FormError({ error, fields = [] }: FormErrorProps): ReactNode {
  const message = errorOfForm(error, fields)
  if (message === null) return null
  return (
    <p className="notice notice-error" role="alert">
      {message}
    </p>
  )
}
