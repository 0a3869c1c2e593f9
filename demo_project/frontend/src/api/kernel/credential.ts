/* eslint-disable */
type Token = string | null

/** What `token/` answers: a token, and for how many seconds it is valid. */
export interface TokenGrant {
  token: string
  expires_in: number
}

/** A token that many calls share. It is asked for once, and once more when the server has refused it. */
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

  /** Keeps the token that an answer brought, if it brought one. */
  hold(token: Token): void {
    this.#held = token ?? this.#held
  }

  /** Drops the token, so that the next call asks for another. */
  forget(): void {
    this.#held = this.#pending = undefined
  }

  /**
   * With *keep*, a token is used until the server refuses it. Otherwise a token whose time is known is used until nine
   * tenths of that time are over, and any other token once. *refused* is the token that the server has just refused.
   */
  async get(keep: boolean, refused?: Token): Promise<Token> {
    const renew = refused !== undefined
    // A request for a token that is under way will do, unless it began before this refusal.
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
