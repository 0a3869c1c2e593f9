type Token = string | null

/** A token that many calls share: asked for once, and once more when the server has refused it. */
export class Credential {
  readonly #ask: (renew: boolean) => Promise<Token>
  #held: Token | undefined
  #pending: Promise<Token> | undefined
  #isRenewing = false

  constructor(ask: (renew: boolean) => Promise<Token>, held: Token | undefined) {
    this.#ask = ask
    this.#held = held
  }

  /** Takes a token that the server may have sent of its own accord. */
  hold(token: Token): void {
    this.#held = token ?? this.#held
  }

  /** With *keep*, a token is used until it is refused. *refused* is what the server has just turned down. */
  async get(keep: boolean, refused?: Token): Promise<Token> {
    const renew = refused !== undefined
    // What is under way will do, unless it was asked for before this refusal.
    if (this.#pending && (this.#isRenewing || !renew)) return this.#pending
    if (this.#held !== undefined && (renew ? this.#held !== refused : keep)) return this.#held
    const pending = (this.#pending = this.#ask((this.#isRenewing = renew)))
    try {
      const token = await pending
      if (this.#pending === pending) this.#held = token
      return token
    } finally {
      if (this.#pending === pending) this.#pending = undefined
    }
  }
}
