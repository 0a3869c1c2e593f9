import { type ComponentProps, type ReactNode, useId } from "react"

interface FieldProps {
  label: string
  /** What is wrong with it, from the server. */
  errors?: readonly string[] | undefined
  hint?: string
  children: (control: ControlProps) => ReactNode
}

/** What ties an input to its label and to what is wrong with it. */
export interface ControlProps {
  id: string
  "aria-describedby": string | undefined
  "aria-invalid": boolean
}

export function Field({ label, errors = [], hint, children }: FieldProps): ReactNode {
  const id = useId()
  const isInvalid = errors.length > 0
  const note = isInvalid ? errors.join(" ") : hint
  return (
    <div className={isInvalid ? "field field-invalid" : "field"}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": note === undefined ? undefined : `${id}-note`, "aria-invalid": isInvalid })}
      {note !== undefined && (
        <p id={`${id}-note`} className="field-note" role={isInvalid ? "alert" : undefined}>
          {note}
        </p>
      )}
    </div>
  )
}

type TextFieldProps = Omit<FieldProps, "children"> & Omit<ComponentProps<"input">, "id" | "children">

/** The field that most fields are: a label above one line of text. */
export function TextField({ label, errors, hint, ...input }: TextFieldProps): ReactNode {
  return (
    <Field label={label} errors={errors} {...(hint === undefined ? {} : { hint })}>
      {(control) => <input {...input} {...control} />}
    </Field>
  )
}
