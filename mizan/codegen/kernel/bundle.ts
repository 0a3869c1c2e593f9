import type { ContextOptions, MizanClient } from "./client"
import { isFinal, isMizanError, toError } from "./errors"
import type { Slots } from "./invalidation"
import type { Json } from "./json"

/** The answers of a context's functions by name; `$errors` has those that failed on their own. */
export interface Bundle extends Json {
  $errors?: Json
}

/** What reading a bundle takes of a context's definition. */
interface Source {
  readonly name: string
  readonly restricted?: readonly string[]
}

/** Fetches a context, or some functions of it. What only concerns single functions is in the bundle, not thrown. */
export async function loadBundle(
  client: MizanClient,
  source: Source,
  params: object,
  slots: Slots,
  options: ContextOptions,
): Promise<Bundle> {
  try {
    return await client.context(source.name, params, { ...options, only: slots })
  } catch (error) {
    // Where all that was asked for failed, the server answers with the failure itself.
    const failed = slots ?? (isRefusal(error) && source.restricted)
    if (!failed || !isFinal(error)) throw error
    const failure = { error: true, code: error.code, message: error.message, details: error.details }
    return { $errors: Object.fromEntries(failed.map((slot) => [slot, failure])) }
  }
}

/** One function's answer as it is in a bundle; undefined if there is none. */
export function slotOf(bundle: Bundle | undefined, slot: string): unknown {
  return bundle && Object.hasOwn(bundle, slot) ? bundle[slot] : undefined
}

/** One function's answer. Throws its error; a refused function that is restricted reads as null. */
export function readSlot({ restricted = [] }: Source, bundle: Bundle, slot: string): unknown {
  if (Object.hasOwn(bundle, slot)) return bundle[slot]
  const errors = new Map(Object.entries(bundle.$errors ?? {}))
  const error = toError(errors.get(slot), 0, slot)
  if (restricted.includes(slot) && isRefusal(error)) return null
  throw error
}

/** The names of all functions that a bundle tells something about. */
export function slotsOf({ restricted = [] }: Source, { $errors = {}, ...data }: Bundle): readonly string[] {
  return [...Object.keys(data), ...Object.keys($errors), ...restricted]
}

/** *bundle* with these slots as they are in *fresh*, be it a value or an error. */
export function splice(bundle: Bundle, fresh: Bundle, slots: readonly string[]): Bundle {
  const mix = (old: Json = {}, next: Json = {}): Json =>
    Object.fromEntries([
      ...Object.entries(old).filter(([name]) => !slots.includes(name)),
      ...Object.entries(next).filter(([name]) => slots.includes(name)),
    ])
  const $errors = mix(bundle.$errors, fresh.$errors)
  const { $errors: _before, ...data } = mix(bundle, fresh)
  return Object.keys($errors).length > 0 ? { ...data, $errors } : data
}

function isRefusal(error: unknown): boolean {
  return isMizanError(error, "UNAUTHORIZED") || isMizanError(error, "FORBIDDEN")
}
