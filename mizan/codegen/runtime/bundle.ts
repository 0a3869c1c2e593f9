import type { ContextOptions, MizanClient } from "./client"
import { isFinal, isMizanError, MizanError, toError, toFailure } from "./errors"
import type { Slots } from "./invalidation"
import { isRecord, type Json } from "./json"

/** The answers of a context's functions by name; `$errors` has those that failed on their own. */
export type Bundle = Json

/** What reading a bundle takes of a context's definition. */
interface Source {
  readonly name: string
  readonly restricted?: readonly string[]
}

/** In `$errors`: the failure of every function that is not named. */
const REST = "*"

/** Fetches a context, or some functions of it. What only concerns single functions is in the bundle, not thrown. */
export async function loadBundle(
  client: MizanClient,
  source: Source,
  params: object,
  slots: Slots,
  options: ContextOptions,
): Promise<Bundle> {
  const only = slots === "all" ? undefined : slots
  try {
    return await client.context(source.name, params, { signal: options.signal, timeout: options.timeout, only })
  } catch (error) {
    // Where all that was asked for failed, the server answers with the failure itself.
    const isTheirs = only === undefined ? source.restricted !== undefined && isRefusal(error) : isFinal(error)
    if (!isTheirs || !(error instanceof MizanError)) throw error
    return { $errors: Object.fromEntries((only ?? [REST]).map((slot) => [slot, toFailure(error)])) }
  }
}

/** One function's answer. Throws its error; a refused function that is restricted reads as null. */
export function readSlot(source: Source, bundle: Bundle, slot: string): unknown {
  if (Object.hasOwn(bundle, slot)) return bundle[slot]
  const errors = errorsOf(bundle)
  const failure = Object.hasOwn(errors, slot) ? errors[slot] : errors[REST]
  const error = toError(failure, 0, slot)
  if (source.restricted?.includes(slot) && isRefusal(error)) return null
  throw error
}

/** The names of all functions that a bundle tells something about. */
export function slotsOf(source: Source, bundle: Bundle): readonly string[] {
  const named = [...Object.keys(bundle), ...Object.keys(errorsOf(bundle)), ...(source.restricted ?? [])]
  return [...new Set(named)].filter((name) => name !== "$errors" && name !== REST)
}

/** *bundle* with these slots as they are in *fresh*, be it a value or an error. */
export function splice(bundle: Bundle, fresh: Bundle, slots: readonly string[]): Bundle {
  const renewed = (name: string): boolean => slots.includes(name)
  const mix = (old: Json, next: Json): Json =>
    Object.fromEntries([
      ...Object.entries(old).filter(([name]) => !renewed(name)),
      ...Object.entries(next).filter(([name]) => renewed(name)),
    ])
  const { $errors: _old, ...before } = bundle
  const { $errors: _new, ...after } = fresh
  const errors = mix(errorsOf(bundle), errorsOf(fresh))
  const data = mix(before, after)
  return Object.keys(errors).length > 0 ? { ...data, $errors: errors } : data
}

function errorsOf(bundle: Bundle): Json {
  const errors = bundle["$errors"]
  return isRecord(errors) ? errors : {}
}

function isRefusal(error: unknown): boolean {
  return isMizanError(error, "UNAUTHORIZED") || isMizanError(error, "FORBIDDEN")
}
