"use client"
import { useMutation } from "@tanstack/react-query"
import { useCallback, useEffect, useRef } from "react"
import { refetched } from "./cache"
import type { CallOptions } from "./client"
import type { MizanError } from "./errors"
import type { Changes } from "./invalidation"
import type { Patch } from "./patch"
import { useScope } from "./reactScope"

/** A server function to call, and how its latest call is doing. */
export interface Mutation<A, R, E = MizanError> {
  /** Calls the server. The promise may be left alone: its error is in `error` as well. */
  mutate: (args: A, options?: Pick<CallOptions, "signal" | "timeout">) => Promise<R>
  reset: () => void
  status: "idle" | "pending" | "success" | "error"
  isIdle: boolean
  isPending: boolean
  isSuccess: boolean
  isError: boolean
  data: R | undefined
  error: E | null
  /** The arguments of the latest call. */
  variables: A | undefined
}

export interface MutationOptions<A, R, E = MizanError> {
  /** Changes to show before the answer has come; undone if the call fails. See `patch()`. */
  optimistic?: (args: A) => readonly Patch[]
  /** The call ends, and `isPending` with it, only when the contexts it changed have been fetched. */
  awaitRefetch?: boolean
  onSuccess?: (result: R, args: A) => void
  onError?: (error: E, args: A) => void
}

interface Variables<A> {
  args: A
  options: CallOptions | undefined
}

/** What every hook of a mutation or call does. Never retried: the server may have done it already. */
export function useCall<A, R, E = MizanError>(
  fn: (args: A, options?: CallOptions) => Promise<R>,
  options: MutationOptions<A, R, E> = {},
): Mutation<A, R, E> {
  const { client, queryClient } = useScope()
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  const mutation = useMutation<R, E, Variables<A>>(
    {
      mutationFn: async ({ args, options: callOptions }) => {
        const { awaitRefetch = false, optimistic } = latest.current
        const shown = (optimistic?.(args) ?? []).map((patch) => patch.apply(queryClient))
        let changes: Changes = {}
        const onAnswer = (answered: Changes): void => {
          changes = answered
          for (const end of shown) end("keep")
        }
        try {
          const result = await fn(args, { ...callOptions, client, onAnswer })
          if (awaitRefetch) await refetched(queryClient, changes)
          return result
        } catch (error) {
          for (const end of shown) end("undo")
          throw error
        }
      },
      onSuccess: (result, { args }) => latest.current.onSuccess?.(result, args),
      onError: (error, { args }) => latest.current.onError?.(error, args),
      // Offline, a call fails at once; it does not wait to be sent at some later time.
      networkMode: "always",
      retry: false,
    },
    queryClient,
  )
  const { mutateAsync } = mutation
  const mutate = useCallback(
    (args: A, callOptions?: CallOptions) => {
      const promise = mutateAsync({ args, options: callOptions })
      // Whoever leaves the promise alone reads `error`; whoever takes it still gets the rejection.
      promise.catch(() => {})
      return promise
    },
    [mutateAsync],
  )
  return {
    mutate,
    reset: mutation.reset,
    status: mutation.status,
    isIdle: mutation.isIdle,
    isPending: mutation.isPending,
    isSuccess: mutation.isSuccess,
    isError: mutation.isError,
    data: mutation.data,
    error: mutation.error,
    variables: mutation.variables?.args,
  }
}
