import type { ReactNode } from "react"
import { type Me, useUploadAvatar } from "../api"
import { Field } from "../form/Field"
import { FormError } from "../form/FormError"
import { errorsOf } from "../form/errors"
import { Avatar } from "../layout/Avatar"

/** Sends a picture as soon as it is chosen. */
export function AvatarUpload({ me }: { me: Me }): ReactNode {
  const upload = useUploadAvatar()
  return (
    <div className="upload">
      <Avatar person={me} size="large" />
      <div>
        <FormError error={upload.error} fields={["picture"]} />
        <Field
          label="Picture"
          hint={upload.isPending ? "Sending …" : "PNG, JPEG or GIF, up to 1 MB."}
          errors={errorsOf(upload.error, "picture")}
        >
          {(control) => (
            <input
              {...control}
              type="file"
              accept="image/png,image/jpeg,image/gif"
              disabled={upload.isPending}
              onChange={(event) => {
                const picture = event.target.files?.[0]
                if (picture) upload.mutate({ picture })
                event.target.value = ""
              }}
            />
          )}
        </Field>
      </div>
    </div>
  )
}
