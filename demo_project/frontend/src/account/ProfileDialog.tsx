import type { ReactNode } from "react"
import { type Me, useSaveProfile } from "../api"
import { TextField } from "../form/Field"
import { FormError } from "../form/FormError"
import { SubmitButton } from "../form/SubmitButton"
import { errorsOf } from "../form/errors"
import { textOf } from "../form/values"
import { Dialog } from "../layout/Dialog"
import { AvatarUpload } from "./AvatarUpload"

const FIELDS = ["profile.display_name", "profile.email", "profile.about"]

export function ProfileDialog({ me, onClose }: { me: Me; onClose: () => void }): ReactNode {
  const save = useSaveProfile({ onSuccess: onClose })
  const submit = (form: FormData): void => {
    const [display_name, email, about] = [textOf(form, "display_name"), textOf(form, "email"), textOf(form, "about")]
    save.mutate({ profile: { display_name, email, about } })
  }
  return (
    <Dialog title="Your profile" onClose={onClose}>
      <AvatarUpload me={me} />
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit(new FormData(event.currentTarget))
        }}
      >
        <FormError error={save.error} fields={FIELDS} />
        <TextField
          label="Name"
          name="display_name"
          autoComplete="name"
          defaultValue={me.name}
          errors={errorsOf(save.error, "profile.display_name")}
        />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="email"
          hint="Only you see it."
          defaultValue={me.email}
          errors={errorsOf(save.error, "profile.email")}
        />
        <TextField
          label="About you"
          name="about"
          defaultValue={me.about}
          errors={errorsOf(save.error, "profile.about")}
        />
        <div className="form-end">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <SubmitButton isPending={save.isPending}>Save profile</SubmitButton>
        </div>
      </form>
    </Dialog>
  )
}
