import type { ReactNode } from "react"
import { type TaskDetail, useEditTask, useMembers } from "../api"
import { Field, TextField } from "../form/Field"
import { FormError } from "../form/FormError"
import { SubmitButton } from "../form/SubmitButton"
import { errorsOf } from "../form/errors"
import { priorityOf, PriorityOptions } from "../form/priority"
import { optionalTextOf, textOf } from "../form/values"

const FIELDS = ["title", "description", "due", "estimate", "priority", "assignee"]

export function TaskForm({ task, onDone }: { task: TaskDetail; onDone: () => void }): ReactNode {
  const members = useMembers()
  const edit = useEditTask({ onSuccess: onDone })
  const submit = (form: FormData): void => {
    edit.mutate({
      id: task.id,
      title: textOf(form, "title"),
      description: textOf(form, "description"),
      priority: priorityOf(form),
      due: optionalTextOf(form, "due"),
      estimate: optionalTextOf(form, "estimate"),
      assignee: Number(textOf(form, "assignee")) || null,
    })
  }
  return (
    <form
      className="form"
      aria-label="Edit the task"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <FormError error={edit.error} fields={FIELDS} />
      <TextField
        label="Title"
        name="title"
        defaultValue={task.title}
        autoFocus
        autoComplete="off"
        errors={errorsOf(edit.error, "title")}
      />
      <Field label="Description" errors={errorsOf(edit.error, "description")}>
        {(control) => <textarea name="description" rows={3} defaultValue={task.description} {...control} />}
      </Field>
      <div className="form-row">
        <Field label="Given to" errors={errorsOf(edit.error, "assignee")}>
          {(control) => (
            <select name="assignee" defaultValue={task.assignee?.id ?? ""} {...control}>
              <option value="">Nobody yet</option>
              {members.map((person) => (
                <option key={person.id} value={person.id}>
                  {person.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Priority" errors={errorsOf(edit.error, "priority")}>
          {(control) => (
            <select name="priority" defaultValue={task.priority} {...control}>
              <PriorityOptions />
            </select>
          )}
        </Field>
      </div>
      <div className="form-row">
        <TextField
          label="Due"
          name="due"
          type="date"
          defaultValue={task.due ?? ""}
          errors={errorsOf(edit.error, "due")}
        />
        <TextField
          label="Estimate (€)"
          name="estimate"
          inputMode="decimal"
          autoComplete="off"
          defaultValue={task.estimate ?? ""}
          errors={errorsOf(edit.error, "estimate")}
        />
      </div>
      <div className="form-end">
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
        <SubmitButton isPending={edit.isPending}>Save task</SubmitButton>
      </div>
    </form>
  )
}
