/** A token that many calls share: asked for once, and once more when the server has refused it. */
export class Credential<T> {
  readonly #ask: (renew: boolean) => Promise<T>
  readonly #keep: boolean
  #held: T | undefined
  #pending: Promise<T> | undefined
  #renewing = false

  /** With *keep*, a token is used until it is refused; without, its source is asked before each call. */
  constructor(ask: (renew: boolean) => Promise<T>, keep: boolean, held: T | undefined) {
    this.#ask = ask
    this.#keep = keep
    this.#held = held
  }

  /** *refused* is the token that the server has just turned down. */
  async get(refused?: T): Promise<T> {
    const renew = refused !== undefined
    // What is under way will do, unless it was asked for before this refusal.
    if (this.#pending !== undefined && (this.#renewing || !renew)) return this.#pending
    const usable = renew ? this.#held !== refused : this.#keep
    if (usable && this.#held !== undefined) return this.#held
    const pending = this.#ask(renew)
    this.#pending = pending
    this.#renewing = renew
    try {
      const token = await pending
      if (this.#pending === pending) this.#held = token
      return token
    } finally {
      if (this.#pending === pending) this.#pending = undefined
    }
  }
}
