import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { type Answer, Backend, failure, Refusal } from "./backend"

/** A request as a test reads it: its line is "GET ctx/user/?id=5&~only=user_orders". */
export interface Received {
  line: string
  headers: IncomingMessage["headers"]
  body: string
}

/** A request that has been answered, with the answer kept back. */
export interface Held {
  /** Resolves when the request has come and its answer has been worked out. */
  arrived: Promise<void>
  release: () => void
}

interface Reply {
  status: number
  body: string
  headers?: Record<string, string>
}

interface Rule {
  prefix: string
  apply: (reply: Reply, response: ServerResponse) => Promise<Reply | undefined>
}

const BASE = "/api/mizan/"

/** A Mizan server over HTTP whose answers a test can hold back, replace or drop. */
export class MockServer {
  readonly backend: Backend = new Backend()
  readonly received: Received[] = []
  readonly #server: Server
  readonly #rules: Rule[] = []
  #events = 0

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async start(): Promise<MockServer> {
    const server = new MockServer()
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve))
    return server
  }

  get origin(): string {
    const address = this.#server.address()
    if (address === null || typeof address === "string") throw new Error("The server is not listening")
    return `http://127.0.0.1:${address.port}`
  }

  get baseUrl(): string {
    return this.origin + BASE.slice(0, -1)
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** The lines of the requests so far that begin with *prefix*. */
  lines(prefix = ""): string[] {
    return this.received.map(({ line }) => line).filter((line) => line.startsWith(prefix))
  }

  forget(): void {
    this.received.length = 0
  }

  /** Keeps back the next answer to a request whose line begins with *prefix*. */
  hold(prefix: string): Held {
    let arrive = (): void => {}
    let release = (): void => {}
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    const released = new Promise<void>((resolve) => (release = resolve))
    this.#rules.push({
      prefix,
      apply: async (reply) => {
        arrive()
        await released
        return reply
      },
    })
    return { arrived, release: () => release() }
  }

  /** Lets the next *times* requests whose line begins with *prefix* fail. */
  fail(
    prefix: string,
    status: number,
    code: string,
    { times = 1, details }: { times?: number; details?: unknown } = {},
  ): void {
    const body = JSON.stringify(failure(new Refusal(status, code, `${code}, as the test wants it`, details)))
    this.reply(prefix, { status, body }, times)
  }

  /** Answers the next *times* requests with something of the test's own. */
  reply(prefix: string, reply: Reply, times = 1): void {
    for (let i = 0; i < times; i++) this.#rules.push({ prefix, apply: async () => reply })
  }

  /** Breaks the connection of the next *times* requests. */
  drop(prefix: string, times = 1): void {
    for (let i = 0; i < times; i++) {
      this.#rules.push({
        prefix,
        apply: async (_reply, response) => {
          response.destroy()
          return undefined
        },
      })
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.origin)
    const query = [...url.searchParams].map(([name, value]) => `${name}=${value}`).join("&")
    const line = `${request.method} ${url.pathname.slice(BASE.length)}${query && "?"}${query}`
    const body = await readAll(request)
    this.received.push({ line, headers: request.headers, body: body.toString("latin1") })
    const { csrfToken } = this.backend
    let reply: Reply
    try {
      reply = { status: 200, body: JSON.stringify(await this.#answer(request, url, body)) }
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, "INTERNAL_ERROR", String(error))
      reply = { status: refusal.status, body: JSON.stringify(failure(refusal)) }
    }
    const index = this.#rules.findIndex(({ prefix }) => line.startsWith(prefix))
    const [rule] = index < 0 ? [] : this.#rules.splice(index, 1)
    const sent = rule === undefined ? reply : await rule.apply(reply, response)
    if (sent === undefined) return
    response.writeHead(sent.status, {
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      ...(this.backend.csrfToken === csrfToken ? {} : { "X-CSRFToken": this.backend.csrfToken }),
      ...sent.headers,
    })
    response.end(sent.body)
  }

  async #answer(request: IncomingMessage, url: URL, body: Buffer): Promise<unknown> {
    const { backend } = this
    const [kind, name = ""] = url.pathname.slice(BASE.length).split("/")
    const token = request.headers["x-mizan-token"]
    const tokenUser = typeof token === "string" ? backend.tokens.get(token) : undefined
    const isKnown = token === undefined || token === "anonymous" || tokenUser !== undefined
    if (!isKnown) throw new Refusal(401, "UNAUTHORIZED", "The token has expired.")
    const user = tokenUser ?? backend.sessionUser
    if (kind === "session") return { csrfToken: backend.csrfToken }
    if (kind === "ctx") return backend.context(decodeURIComponent(name), url.searchParams, user)
    if (kind !== "call") throw new Refusal(404, "NOT_FOUND", "No such path")
    if (request.method !== "POST") throw new Refusal(405, "METHOD_NOT_ALLOWED", "POST only")
    if (token === undefined && request.headers["x-csrftoken"] !== backend.csrfToken) {
      throw new Refusal(403, "CSRF_FAILED", "The CSRF token is missing or wrong.")
    }
    const { fn, args } = await readCall(decodeURIComponent(name), request.headers["content-type"] ?? "", body)
    const answer: Answer = backend.call(fn, args)
    return answer.invalidate || answer.merge ? { ...answer, event: `event-${++this.#events}` } : answer
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function readCall(
  name: string,
  type: string,
  body: Buffer,
): Promise<{ fn: string; args: Record<string, unknown> }> {
  if (!type.startsWith("multipart/")) {
    const json = JSON.parse(body.toString())
    return name === "" ? json : { fn: name, args: json }
  }
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData()
  const payload = JSON.parse(String(form.get("payload")))
  for (const [path, part] of form) {
    const steps = path.split(".")
    const last = steps.pop() ?? ""
    if (path !== "payload") steps.reduce((place, step) => place[step], payload.args)[last] = part
  }
  return payload
}
