import type { CurrentUser, Order, UserProfile } from "../api/types"

/** What the server answers with instead of a result. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly details: unknown

  constructor(status: number, code: string, message: string, details?: unknown) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

export interface Answer {
  result: unknown
  invalidate?: unknown[]
  merge?: unknown[]
}

/** The application that the fixture client in test/api was "generated" from. */
export class Backend {
  sessionUser: number | null = 5
  csrfToken = "csrf-1"
  /** Tokens that are accepted, and whom they stand for. */
  readonly tokens: Map<string, number> = new Map()
  readonly profiles: Map<number, UserProfile> = new Map([
    [5, { bio: null, id: 5, name: "Ada" }],
    [6, { bio: "Builder", id: 6, name: "Bob" }],
  ])
  readonly orders: Map<number, Order[]> = new Map<number, Order[]>([
    [5, [{ id: "0f8fad5b-d9cb-469f-a165-70867728950e", total: "19.90" }]],
    [6, []],
  ])
  /** Names of readers that fail as if their code had crashed. */
  readonly broken: Set<string> = new Set()

  call(fn: string, args: Record<string, unknown>): Answer {
    const run = this.#functions[fn]
    if (run === undefined || !Object.hasOwn(this.#functions, fn))
      throw new Refusal(404, "NOT_FOUND", `No function ${fn}`)
    return run(args)
  }

  /** The answer of a context: a bundle, or a failure where every reader that was asked for failed. */
  context(name: string, params: URLSearchParams, user: number | null): Record<string, unknown> {
    if (!Object.hasOwn(this.#contexts, name)) throw new Refusal(404, "NOT_FOUND", `No context ${name}`)
    const only = params.get("~only")?.split(",")
    const bundle: Record<string, unknown> = {}
    const errors: Record<string, unknown> = {}
    let last: Refusal | undefined
    for (const [fn, read] of Object.entries(this.#contexts[name] ?? {})) {
      if (only !== undefined && !only.includes(fn)) continue
      try {
        if (this.broken.has(fn)) throw new Refusal(500, "INTERNAL_ERROR", "It crashed", { error_id: "e1" })
        bundle[fn] = structuredClone(read(params, user))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        last = error
        errors[fn] = failure(error)
      }
    }
    if (last !== undefined && Object.keys(bundle).length === 0) throw last
    return last === undefined ? bundle : { ...bundle, $errors: errors }
  }

  #rotate(user: number | null): void {
    this.sessionUser = user
    this.csrfToken = `csrf-${Math.random()}`
  }

  #profile(id: unknown): UserProfile {
    const profile = this.profiles.get(Number(id))
    if (profile === undefined) throw new Refusal(404, "NOT_FOUND", "No such user")
    return profile
  }

  readonly #contexts: Record<string, Record<string, (params: URLSearchParams, user: number | null) => unknown>> = {
    global: {
      current_user: (_params, user): CurrentUser => {
        if (user === null) throw new Refusal(401, "UNAUTHORIZED", "Log in to do this.")
        return {
          email: `${this.#profile(user).name.toLowerCase()}@example.com`,
          id: user,
          joined: "2026-01-02T03:04:05Z",
        }
      },
      site_info: () => ({ name: "Shop" }),
    },
    user: {
      user_orders: (params, user) => {
        if (user === null) throw new Refusal(401, "UNAUTHORIZED", "Log in to do this.")
        return this.orders.get(this.#profile(params.get("id")).id)
      },
      user_profile: (params) => this.#profile(params.get("id")),
    },
  }

  readonly #functions: Record<string, (args: Record<string, unknown>) => Answer> = {
    add_order: ({ id, total }) => {
      const orders = this.orders.get(Number(id)) ?? []
      this.orders.set(Number(id), [...orders, { id: `order-${orders.length}`, total: String(total) }])
      return { result: null, invalidate: [{ context: "user", function: "user_orders", params: { id } }] }
    },
    "docs.upload": ({ docs, note }) => ({
      result: {
        files: Object.fromEntries(
          (docs as { file: File; label: string }[]).map(({ file, label }) => [
            label,
            `${file.name} ${file.type} ${file.size}`,
          ]),
        ),
        note: note ?? null,
      },
    }),
    echo: ({ text }) => {
      if (typeof text !== "string") {
        throw new Refusal(422, "VALIDATION_ERROR", "The input is not valid.", {
          fields: { "": ["One of these is wrong."], text: ["Input should be a valid string"] },
        })
      }
      return { result: { message: text } }
    },
    login: ({ email }) => {
      const found = [...this.profiles.values()].find(({ name }) => `${name.toLowerCase()}@example.com` === email)
      if (found === undefined) throw new Refusal(401, "UNAUTHORIZED", "Wrong e-mail")
      this.#rotate(found.id)
      return { result: { email, id: found.id, joined: "2026-01-02T03:04:05Z" }, invalidate: ["global", "user"] }
    },
    logout: () => {
      this.#rotate(null)
      return { result: null, invalidate: ["global", "user"] }
    },
    rename: ({ id, name }) => {
      const profile = { ...this.#profile(id), name: String(name) }
      this.profiles.set(profile.id, profile)
      return {
        result: profile,
        merge: [{ context: "user", function: "user_profile", params: { id }, value: profile }],
      }
    },
    transfer: ({ amount }) => {
      if (Number(amount) > 100) {
        throw new Refusal(409, "INSUFFICIENT_FUNDS", "The balance is too low.", { balance: "100.00", needed: amount })
      }
      return { result: null }
    },
    update_profile: ({ id, ...changes }) => {
      if (changes["name"] === "forbidden") throw new Refusal(403, "FORBIDDEN", "Not that name")
      const profile = { ...this.#profile(id), ...changes }
      this.profiles.set(profile.id, profile)
      return { result: profile, invalidate: [{ context: "user", params: { id } }] }
    },
  }
}

export function failure({ code, message, details }: Refusal): Record<string, unknown> {
  return { error: true, code, message, ...(details === undefined ? {} : { details }) }
}
