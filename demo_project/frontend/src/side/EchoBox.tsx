import { type ReactNode, useState } from "react"
import { useEcho } from "../api"
import { TextField } from "../form/Field"
import { FormError } from "../form/FormError"
import { SubmitButton } from "../form/SubmitButton"
import { errorsOf } from "../form/errors"
import { textOf } from "../form/values"

/** The smallest call there is: text goes to Python and comes back. */
export function EchoBox(): ReactNode {
  const echo = useEcho()
  const [heard, setHeard] = useState<string>()
  const shout = (text: string): void => {
    echo.mutate({ text }).then(
      ({ message }) => setHeard(message),
      () => setHeard(undefined), // shown by FormError
    )
  }
  return (
    <section className="panel" aria-labelledby="echo">
      <h2 id="echo">Echo</h2>
      <form
        className="form form-inline"
        onSubmit={(event) => {
          event.preventDefault()
          shout(textOf(new FormData(event.currentTarget), "text"))
        }}
      >
        <TextField label="Say something" name="text" autoComplete="off" errors={errorsOf(echo.error, "text")} />
        <SubmitButton isPending={echo.isPending}>Echo</SubmitButton>
      </form>
      <FormError error={echo.error} fields={["text"]} />
      <output className="heard">{heard !== undefined && `Python heard: ${heard}`}</output>
    </section>
  )
}
