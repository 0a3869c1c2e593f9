import type { ReactNode } from "react"
import { useClearDone } from "../api"
import { FormError } from "../form/FormError"

/** For organisers: takes the finished tasks off the board. */
export function ClearDone(): ReactNode {
  const clear = useClearDone()
  return (
    <>
      <FormError error={clear.error} />
      <button type="button" className="button button-add" disabled={clear.isPending} onClick={() => clear.mutate()}>
        Clear finished tasks
      </button>
    </>
  )
}
