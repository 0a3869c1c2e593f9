// An app that uses five of the fixture's functions, as a bundler sees it.
import { createRoot } from "react-dom/client"
import {
  MizanContext,
  UserContext,
  useCurrentUser,
  useEcho,
  useUpdateProfile,
  useUserOrders,
  useUserProfile,
} from "../api"

function Page() {
  const user = useCurrentUser()
  const profile = useUserProfile()
  const orders = useUserOrders()
  const echo = useEcho()
  const save = useUpdateProfile()
  return (
    <button onClick={() => void echo.mutate({ text: profile.name }).then(() => save.mutate({ id: 5 }))}>
      {user?.email} {orders.length}
    </button>
  )
}

createRoot(document.body).render(
  <MizanContext>
    <UserContext id={5}>
      <Page />
    </UserContext>
  </MizanContext>,
)
