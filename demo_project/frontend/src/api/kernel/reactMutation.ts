/* eslint-disable */
"use client"
import { useCallback, useEffect, useRef, useState } from "react"
import { refetched } from "./cache"
import type { CallOptions } from "./client"
import type { KnownError } from "./errors"
import type { Changes } from "./invalidation"
import type { Patch } from "./patch"
import { useScope } from "./reactScope"

/** A server function to call, and the state of its latest call: a union that narrows on `status` and on `isSuccess`. */
export type Mutation<A, R, E = KnownError> = MutationActions<A, R> & MutationState<A, R, E>

interface MutationActions<A, R> {
  /** Calls the server. The promise may be ignored: `error` has the error as well. */
  mutate: (args: A, options?: Pick<CallOptions, "signal" | "timeout">) => Promise<R>
  /** Forgets the latest call. */
  reset: () => void
}

type MutationState<A, R, E> = CallState<A, R, E> &
  (
    | { status: "idle"; isIdle: true; isPending: false; isSuccess: false; isError: false }
    | { status: "pending"; isIdle: false; isPending: true; isSuccess: false; isError: false }
    | { status: "success"; isIdle: false; isPending: false; isSuccess: true; isError: false }
    | { status: "error"; isIdle: false; isPending: false; isSuccess: false; isError: true }
  )

export interface MutationOptions<A, R, E = KnownError> {
  /** Changes to show before the answer has come. They are undone if the call fails. See `patch()`. */
  optimistic?: (args: A) => readonly Patch[]
  /** Whether the call stays pending until the contexts that it changed have been fetched. */
  awaitRefetch?: boolean
  onSuccess?: (result: R, args: A) => void
  onError?: (error: E, args: A) => void
}

/** The latest call; `variables` are its arguments. */
type CallState<A, R, E> =
  | { status: "idle"; data: undefined; error: null; variables: A | undefined }
  | { status: "pending"; data: undefined; error: null; variables: A }
  | { status: "success"; data: R; error: null; variables: A }
  | { status: "error"; data: undefined; error: E; variables: A }

const NOTHING = { data: undefined, error: null, variables: undefined } as const
const IDLE = { ...NOTHING, status: "idle" } as const

/** What every hook of a function does. A call is never retried, because the server may have done it already. */
export function useCall<A, R, E = KnownError>(
  fn: (args: A, options?: CallOptions) => Promise<R>,
  options: MutationOptions<A, R, E> = {},
): Mutation<A, R, E> {
  const { client, queryClient } = useScope()
  const [state, setState] = useState<CallState<A, R, E>>(IDLE)
  const latest = useRef({ options, turn: 0 })
  useEffect(() => {
    latest.current.options = options
  })
  const mutate = useCallback(
    (args: A, callOptions?: CallOptions) => {
      const own = latest.current
      const turn = ++own.turn
      const show = (call: CallState<A, R, E>): void => {
        if (turn === own.turn) setState(call)
      }
      const mutationFn = async (): Promise<R> => {
        const { awaitRefetch, optimistic } = own.options
        const shown = (optimistic?.(args) ?? []).map((patch) => patch.apply(queryClient))
        const end = (outcome: "keep" | "undo"): void => shown.forEach((each) => each(outcome))
        let changes: Changes = {}
        const onAnswer = (answered: Changes): void => {
          changes = answered
          end("keep")
        }
        try {
          const result = await fn(args, { ...callOptions, client, onAnswer })
          if (awaitRefetch) await refetched(queryClient, changes)
          return result
        } catch (error) {
          end("undo")
          throw error
        }
      }
      show({ ...NOTHING, status: "pending", variables: args })
      // The app's cache of mutations has the call, for the app's own callbacks and its devtools. Offline the call fails
      // at once, and is not sent at some later time.
      const promise = queryClient
        .getMutationCache()
        .build<R, E, A, unknown>(queryClient, { mutationFn, networkMode: "always", retry: false })
        .execute(args)
      // This handles the rejection as well, so that the promise may be ignored.
      promise.then(
        (data) => {
          show({ ...NOTHING, status: "success", data, variables: args })
          own.options.onSuccess?.(data, args)
        },
        (error: E) => {
          // The caller has ended the call, so nothing went wrong.
          if (error === callOptions?.signal?.reason) return show({ ...IDLE, variables: args })
          show({ ...NOTHING, status: "error", error, variables: args })
          own.options.onError?.(error, args)
        },
      )
      return promise
    },
    [client, fn, queryClient],
  )
  const reset = useCallback(() => {
    latest.current.turn++
    setState(IDLE)
  }, [])
  const { status } = state
  const flags = {
    isIdle: status === "idle",
    isPending: status === "pending",
    isSuccess: status === "success",
    isError: status === "error",
  }
  // The flags are those of the state's status.
  return { ...state, ...flags, mutate, reset } as Mutation<A, R, E>
}
