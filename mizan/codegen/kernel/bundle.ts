import type { ContextOptions, MizanClient } from "./client"
import { type ErrorClass, isFinal, isMizanError, toError } from "./errors"
import type { Readers } from "./invalidation"
import type { Json } from "./json"

/** The answers of a context's readers by name; `$errors` has the failures of single readers. */
export interface Bundle extends Json {
  $errors?: Json
}

/** The part of a context's definition that reading a bundle needs. */
interface Source {
  readonly name: string
  readonly restricted?: readonly string[]
  readonly errors?: readonly ErrorClass[]
}

/** Fetches a context, or some readers of it. The failure of a single reader is in the bundle, and not thrown. */
export async function loadBundle(
  client: MizanClient,
  source: Source,
  params: object,
  readers: Readers,
  options: ContextOptions,
): Promise<Bundle> {
  try {
    return await client.context(source.name, params, { ...options, only: readers }, source.errors)
  } catch (error) {
    // Where every reader that was asked for failed, the server answers with the failure itself.
    const failed = readers ?? (isRefusal(error) && source.restricted)
    if (!failed || !isFinal(error)) throw error
    const failure = { error: true, code: error.code, message: error.message, details: error.details }
    return { $errors: Object.fromEntries(failed.map((reader) => [reader, failure])) }
  }
}

/** One reader's answer as it is in a bundle; undefined if there is none. */
export function answerOf(bundle: Bundle | undefined, reader: string): unknown {
  return bundle && Object.hasOwn(bundle, reader) ? bundle[reader] : undefined
}

/** One reader's answer; null if the reader is restricted and was refused. Throws the error of a reader that failed. */
export function readAnswer({ errors: classes, restricted = [] }: Source, bundle: Bundle, reader: string): unknown {
  if (Object.hasOwn(bundle, reader)) return bundle[reader]
  const errors = new Map(Object.entries(bundle.$errors ?? {}))
  const error = toError(errors.get(reader), 0, reader, classes)
  if (restricted.includes(reader) && isRefusal(error)) return null
  throw error
}

/** The names of all readers that a bundle says something about. */
export function readersOf({ restricted = [] }: Source, { $errors = {}, ...data }: Bundle): readonly string[] {
  return [...Object.keys(data), ...Object.keys($errors), ...restricted]
}

/** *bundle* with the values and errors of these readers taken from *fresh*. */
export function splice(bundle: Bundle, fresh: Bundle, readers: readonly string[]): Bundle {
  const mix = (old: Json = {}, next: Json = {}): Json =>
    Object.fromEntries([
      ...Object.entries(old).filter(([name]) => !readers.includes(name)),
      ...Object.entries(next).filter(([name]) => readers.includes(name)),
    ])
  const $errors = mix(bundle.$errors, fresh.$errors)
  const { $errors: _before, ...data } = mix(bundle, fresh)
  return Object.keys($errors).length > 0 ? { ...data, $errors } : data
}

function isRefusal(error: unknown): boolean {
  return isMizanError(error, "UNAUTHORIZED") || isMizanError(error, "FORBIDDEN")
}
