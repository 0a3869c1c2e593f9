import { type ReactNode, Suspense, useState } from "react"
import { type SampleAccount, useLogIn } from "../api"
import { TextField } from "../form/Field"
import { FormError } from "../form/FormError"
import { SubmitButton } from "../form/SubmitButton"
import { errorsOf } from "../form/errors"
import { Dialog } from "../layout/Dialog"
import { ErrorBoundary } from "../layout/ErrorBoundary"
import { SampleAccounts } from "./SampleAccounts"

const FIELDS = ["username", "password"]

export function LogInDialog({ onClose }: { onClose: () => void }): ReactNode {
  const [username, setUsername] = useState("")
  const [password, setPassword] = useState("")
  const logIn = useLogIn({ awaitRefetch: true, onSuccess: onClose })
  const fill = (account: SampleAccount): void => {
    setUsername(account.username)
    setPassword(account.password)
  }
  return (
    <Dialog title="Log in" onClose={onClose}>
      <ErrorBoundary>
        <Suspense fallback={<div className="skeleton" role="status" aria-label="Loading the sample accounts" />}>
          <SampleAccounts chosen={username} onChoose={fill} />
        </Suspense>
      </ErrorBoundary>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          logIn.mutate({ username, password })
        }}
      >
        <FormError error={logIn.error} fields={FIELDS} />
        <TextField
          label="User name"
          name="username"
          autoComplete="username"
          required
          value={username}
          errors={errorsOf(logIn.error, "username")}
          onChange={(event) => setUsername(event.target.value)}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          errors={errorsOf(logIn.error, "password")}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="form-end">
          <SubmitButton isPending={logIn.isPending}>Log in</SubmitButton>
        </div>
      </form>
    </Dialog>
  )
}
