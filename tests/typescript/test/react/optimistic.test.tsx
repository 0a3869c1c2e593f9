// @vitest-environment happy-dom
import { fireEvent, screen } from "@testing-library/react"
import { type ReactNode, useState } from "react"
import { describe, expect, it } from "vitest"
import {
  type MutationOptions,
  patch,
  useUpdateProfile,
  userContext,
  useUserProfile,
  useUserProfileQuery,
  type UpdateProfileArgs,
  type UserProfile,
} from "../api"
import { startServer } from "../server/fixtures"
import { open, settle } from "./page"

describe("an optimistic mutation", () => {
  const shown: string[] = []
  function Profile(): ReactNode {
    const { name } = useUserProfile({ id: 5 })
    if (shown.at(-1) !== name) shown.push(name)
    return <p>{name}</p>
  }
  const options: MutationOptions<UpdateProfileArgs, UserProfile> = {
    optimistic: ({ id, name = "" }) => [patch(userContext, "user_profile", { id }, (old) => ({ ...old, name }))],
  }
  function Save({ name }: { name: string }): ReactNode {
    const save = useUpdateProfile(options)
    return <button onClick={() => save.mutate({ id: 5, name })}>{save.error?.code ?? save.status}</button>
  }
  function Refetch(): ReactNode {
    const [label, setLabel] = useState("refetch")
    const { refetch } = useUserProfileQuery({ id: 5 })
    return <button onClick={() => void refetch().then(() => setLabel("refetched"))}>{label}</button>
  }
  const start = async (name: string) => {
    const page = await open(
      <>
        <Profile />
        <Save name={name} />
        <Refetch />
      </>,
    )
    await screen.findByText("Ada")
    shown.length = 0
    return page
  }

  it("is on screen before the answer, and never flickers", async () => {
    const { server } = await start("Eve")
    const held = server.hold("POST call")

    fireEvent.click(screen.getByText("idle"))
    await screen.findByText("Eve")
    screen.getByText("pending")
    held.release()
    await screen.findByText("success")
    await settle()

    expect(shown).toEqual(["Eve"])
  })

  it("is undone if the call fails", async () => {
    const { server } = await start("forbidden")
    const held = server.hold("POST call")

    fireEvent.click(screen.getByText("idle"))
    await screen.findByText("forbidden")
    held.release()

    await screen.findByText("FORBIDDEN")
    await screen.findByText("Ada")
    expect(shown).toEqual(["forbidden", "Ada"])
  })

  it("stays on screen while data comes in that was fetched before", async () => {
    const { server } = await start("Eve")
    const post = server.hold("POST call")
    fireEvent.click(screen.getByText("idle"))
    await screen.findByText("Eve")

    fireEvent.click(screen.getByText("refetch"))
    await screen.findByText("refetched")
    expect(server.lines("GET ctx/user")).toHaveLength(2)
    screen.getByText("Eve")
    post.release()
    await screen.findByText("success")
    await settle()

    expect(shown).toEqual(["Eve"])
  })

  it("sends nothing if its patch cannot be made", async () => {
    const server = await startServer()
    function Broken(): ReactNode {
      const save = useUpdateProfile({
        optimistic: () => {
          throw new Error("mistake in optimistic")
        },
      })
      return <button onClick={() => save.mutate({ id: 5 })}>{save.error?.message ?? save.status}</button>
    }
    await open(<Broken />, {}, server)

    fireEvent.click(screen.getByText("idle"))

    await screen.findByText("mistake in optimistic")
    expect(server.lines("POST")).toEqual([])
  })
})
