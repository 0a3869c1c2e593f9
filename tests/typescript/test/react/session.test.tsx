// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query"
import { fireEvent, screen } from "@testing-library/react"
import { type ReactNode, useState } from "react"
import { expect, it } from "vitest"
import {
  contextKey,
  useCurrentUser,
  useLogin,
  useLogout,
  userContext,
  useUserOrders,
  useUserProfileQuery,
} from "../api"
import { Boundary, counter, expectErrors, open, settle } from "./page"

const shownOrders = counter()

function Orders(): ReactNode {
  const orders = useUserOrders({ id: 5 })
  shownOrders.count(JSON.stringify(orders))
  return <p>{orders.length} orders</p>
}

function Account(): ReactNode {
  const user = useCurrentUser()
  const login = useLogin()
  const logout = useLogout()
  return (
    <>
      <p>{user?.email ?? "visitor"}</p>
      <button onClick={() => logout.mutate()}>log out</button>
      <button onClick={() => login.mutate({ email: "bob@example.com" })}>log in</button>
    </>
  )
}

function Toggle({ children }: { children: ReactNode }): ReactNode {
  const [isOpen, setIsOpen] = useState(true)
  return (
    <>
      {isOpen && children}
      <button onClick={() => setIsOpen(!isOpen)}>toggle</button>
    </>
  )
}

it("logout and login show the right user, whatever the CSRF token was", async () => {
  const { server } = await open(<Account />)
  await screen.findByText("ada@example.com")

  fireEvent.click(screen.getByText("log out"))
  await screen.findByText("visitor")
  fireEvent.click(screen.getByText("log in"))
  await screen.findByText("bob@example.com")
  fireEvent.click(screen.getByText("log out"))
  await screen.findByText("visitor")

  expect(server.lines("GET ctx")).toHaveLength(4)
})

it("logout takes a former user's data off the screen", async () => {
  expectErrors()
  const queryClient = new QueryClient()
  await open(
    <>
      <Account />
      <Boundary>
        <Orders />
      </Boundary>
    </>,
    { queryClient },
  )
  await screen.findByText("1 orders")

  fireEvent.click(screen.getByText("log out"))

  expect((await screen.findByRole("alert")).textContent).toContain("UNAUTHORIZED")
  expect(JSON.stringify(queryClient.getQueryData(contextKey(userContext, { id: 5 })))).not.toContain("19.90")
})

it("logout takes a former user's data away where the server refuses the whole context", async () => {
  function Profile(): ReactNode {
    const { data, error } = useUserProfileQuery({ id: 5 }, { retry: false })
    return (
      <p>
        {data?.name ?? "nobody"} {error?.code}
      </p>
    )
  }
  const queryClient = new QueryClient()
  const { server } = await open(
    <>
      <Account />
      <Profile />
    </>,
    { queryClient },
  )
  await screen.findByText("Ada")
  server.fail("GET ctx/user", 401, "UNAUTHORIZED")

  fireEvent.click(screen.getByText("log out"))

  await screen.findByText("nobody UNAUTHORIZED")
  expect(queryClient.getQueryData(contextKey(userContext, { id: 5 }))).toBeUndefined()
})

it("the next user never sees, not even for a moment, what the former one had read elsewhere", async () => {
  const { server } = await open(
    <>
      <Account />
      <Toggle>
        <Orders />
      </Toggle>
    </>,
    { fallback: "loading" },
  )
  await screen.findByText("1 orders")
  fireEvent.click(screen.getByText("toggle"))
  fireEvent.click(screen.getByText("log in"))
  await screen.findByText("bob@example.com")
  server.backend.orders.set(5, [])
  shownOrders.reset()

  fireEvent.click(screen.getByText("toggle"))

  await screen.findByText("0 orders")
  await settle()
  expect(Object.keys(shownOrders.since())).toEqual(["[]"])
})
