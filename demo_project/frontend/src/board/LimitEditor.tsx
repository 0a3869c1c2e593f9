import { type ReactNode, useState } from "react"
import { type BoardColumn, useSetLimit } from "../api"
import { TextField } from "../form/Field"
import { FormError } from "../form/FormError"
import { SubmitButton } from "../form/SubmitButton"
import { errorsOf } from "../form/errors"
import { textOf } from "../form/values"
import { Dialog } from "../layout/Dialog"

/** For staff: how many tasks a column takes at a time. */
export function LimitEditor({ column }: { column: BoardColumn }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <>
      <button
        type="button"
        className="button-link"
        aria-label={`Limit of “${column.title}”`}
        onClick={() => setOpen(true)}
      >
        Limit
      </button>
      {isOpen && <LimitDialog column={column} onClose={close} />}
    </>
  )
}

function LimitDialog({ column, onClose }: { column: BoardColumn; onClose: () => void }): ReactNode {
  const setLimit = useSetLimit({ onSuccess: onClose })
  const submit = (form: FormData): void => {
    const limit = textOf(form, "limit")
    setLimit.mutate({ status: column.status, limit: limit === "" ? null : Number(limit) })
  }
  return (
    <Dialog title={`Limit of “${column.title}”`} onClose={onClose}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit(new FormData(event.currentTarget))
        }}
      >
        <FormError error={setLimit.error} fields={["limit"]} />
        <TextField
          label="Tasks at a time"
          name="limit"
          type="number"
          min={1}
          max={20}
          defaultValue={column.limit ?? ""}
          hint="Leave it empty for any number."
          errors={errorsOf(setLimit.error, "limit")}
        />
        <div className="form-end">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <SubmitButton isPending={setLimit.isPending}>Save limit</SubmitButton>
        </div>
      </form>
    </Dialog>
  )
}
