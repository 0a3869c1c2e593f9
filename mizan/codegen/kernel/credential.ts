type Token = string | null

/** A token with how many seconds it is good for: what `token/` answers. */
export interface TokenGrant {
  token: string
  expires_in: number
}

/** A token that many calls share: asked for once, and once more when the server has refused it. */
export class Credential {
  readonly #ask: (renew: boolean) => Promise<Token | TokenGrant>
  #held: Token | undefined
  #goodUntil = 0
  #pending: Promise<Token> | undefined
  #isRenewing = false

  constructor(ask: (renew: boolean) => Promise<Token | TokenGrant>, held: Token | undefined) {
    this.#ask = ask
    this.#held = held
  }

  /** Takes a token that the server may have sent of its own accord. */
  hold(token: Token): void {
    this.#held = token ?? this.#held
  }

  /** The next call asks for a token, whatever is held. */
  forget(): void {
    this.#held = this.#pending = undefined
  }

  /**
   * With *keep*, a token is used until it is refused; else until nine tenths of its time are over, where that is known.
   * *refused* is what the server has just turned down.
   */
  async get(keep: boolean, refused?: Token): Promise<Token> {
    const renew = refused !== undefined
    // What is under way will do, unless it was asked for before this refusal.
    if (this.#pending && (this.#isRenewing || !renew)) return this.#pending
    const now = Date.now()
    if (this.#held !== undefined && (renew ? this.#held !== refused : keep || now < this.#goodUntil)) return this.#held
    const pending = (this.#pending = this.#ask((this.#isRenewing = renew)).then((answer) => {
      if (!(answer instanceof Object)) return answer
      if (this.#pending === pending) this.#goodUntil = now + answer.expires_in * 900
      return answer.token
    }))
    try {
      const token = await pending
      if (this.#pending === pending) this.#held = token
      return token
    } finally {
      if (this.#pending === pending) this.#pending = undefined
    }
  }
}
