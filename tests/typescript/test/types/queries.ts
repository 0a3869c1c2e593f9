// What must compile, and what must not: `npm run types` is the test.
import type { UseQueryResult } from "@tanstack/react-query"
import {
  type KnownError,
  preloadContext,
  type UserProfile,
  userContext,
  usePreload,
  useUserProfile,
  useUserProfileQuery,
} from "../api"

export function canWaitForItsParameters(id: number | undefined): UserProfile | undefined {
  // @ts-expect-error -- a hook that suspends cannot be switched off
  useUserProfile({ id })
  // @ts-expect-error -- not a number
  useUserProfileQuery({ id: "5" })
  return useUserProfileQuery({ id }, { enabled: id !== undefined }).data
}

export function canSelect(id: number): UseQueryResult<number, KnownError> {
  // @ts-expect-error -- no such field
  useUserProfileQuery({ id }, { select: ({ nam }) => nam })
  return useUserProfileQuery({ id }, { select: ({ name }) => name.length })
}

export function preloadsByType(scope: Parameters<typeof preloadContext>[0]): Promise<void> {
  const preload = usePreload()
  preload(userContext, { id: 5, page: 2 })
  // @ts-expect-error -- not a number
  preload(userContext, { id: "5" })
  // @ts-expect-error -- the parameter is missing
  return preloadContext(scope, userContext, {})
}
