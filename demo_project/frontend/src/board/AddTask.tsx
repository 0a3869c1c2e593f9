import { type ReactNode, useRef, useState } from "react"
import { useAddTask } from "../api"
import { Field, TextField } from "../form/Field"
import { FormError } from "../form/FormError"
import { SubmitButton } from "../form/SubmitButton"
import { errorsOf } from "../form/errors"
import { priorityOf, PriorityOptions } from "../form/priority"
import { optionalTextOf, textOf } from "../form/values"

const FIELDS = ["title", "due", "estimate", "priority"]

/** A form in the first column; it stays open for the next task until it is closed. */
export function AddTask(): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const add = useAddTask({
    onSuccess: () => {
      form.current?.reset()
      form.current?.querySelector("input")?.focus()
    },
  })
  const close = (): void => {
    setOpen(false)
    add.reset()
  }
  const submit = (data: FormData): void => {
    add.mutate({
      title: textOf(data, "title"),
      priority: priorityOf(data),
      due: optionalTextOf(data, "due"),
      estimate: optionalTextOf(data, "estimate"),
    })
  }
  if (!isOpen) {
    return (
      <button type="button" className="button button-add" onClick={() => setOpen(true)}>
        + Add a task
      </button>
    )
  }
  return (
    <form
      ref={form}
      className="form form-card"
      aria-label="Add a task"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <FormError error={add.error} fields={FIELDS} />
      <TextField label="Title" name="title" autoFocus autoComplete="off" errors={errorsOf(add.error, "title")} />
      <div className="form-row">
        <TextField label="Due" name="due" type="date" errors={errorsOf(add.error, "due")} />
        <TextField
          label="Estimate (€)"
          name="estimate"
          inputMode="decimal"
          autoComplete="off"
          errors={errorsOf(add.error, "estimate")}
        />
      </div>
      <Field label="Priority" errors={errorsOf(add.error, "priority")}>
        {(control) => (
          <select name="priority" defaultValue="normal" {...control}>
            <PriorityOptions />
          </select>
        )}
      </Field>
      <div className="form-end">
        <button type="button" className="button" onClick={close}>
          Close
        </button>
        <SubmitButton isPending={add.isPending}>Add task</SubmitButton>
      </div>
    </form>
  )
}
