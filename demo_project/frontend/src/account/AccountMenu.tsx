import { type ReactNode, useState } from "react"
import { useCurrentUser, useLogOut } from "../api"
import { Avatar } from "../layout/Avatar"
import { LogInDialog } from "./LogInDialog"
import { ProfileDialog } from "./ProfileDialog"

/** Who is logged in, at the right of the header. */
export function AccountMenu(): ReactNode {
  const me = useCurrentUser()
  const logOut = useLogOut({ awaitRefetch: true })
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  if (me === null) {
    return (
      <div className="account">
        <button type="button" className="button button-primary" onClick={() => setOpen(true)}>
          Log in
        </button>
        {isOpen && <LogInDialog onClose={close} />}
      </div>
    )
  }
  return (
    <div className="account">
      <button type="button" className="account-me" onClick={() => setOpen(true)} aria-label={`Your profile, ${me.name}`}>
        <Avatar person={me} />
        <span className="account-name">{me.name}</span>
      </button>
      <button type="button" className="button" disabled={logOut.isPending} onClick={() => logOut.mutate()}>
        Log out
      </button>
      {isOpen && <ProfileDialog me={me} onClose={close} />}
    </div>
  )
}
