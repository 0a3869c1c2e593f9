import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build } from "vite"
import { beforeAll, describe, expect, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** The size of a production build of one of the apps beside this file, in bytes after gzip. */
async function gzippedSize(entry: string): Promise<number> {
  process.env["NODE_ENV"] = "production"
  const built = await build({
    root,
    configFile: `${root}/vitest.config.mjs`,
    logLevel: "silent",
    mode: "production",
    build: { write: false, rollupOptions: { input: `${root}/test/size/${entry}` } },
  })
  const outputs = Array.isArray(built) ? built : "output" in built ? [built] : []
  const code = outputs.flatMap(({ output }) => output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")))
  return gzipSync(code.join("\n"), { level: 9 }).length
}

describe("a production build", () => {
  let react = 0
  beforeAll(async () => {
    react = await gzippedSize("react.tsx")
  }, 30_000)

  it("adds at most 15.1 kB to React for the client, TanStack Query and all", async () => {
    const added = (await gzippedSize("app.tsx")) - react

    console.info(`React ${react}, the client adds ${added}`)
    expect(react).toBeGreaterThan(50_000)
    expect(added).toBeGreaterThan(5_000)
    expect(added).toBeLessThanOrEqual(15_100)
  }, 30_000)

  it("without React is at most 3 kB; through the barrel there is React's own entry beside it", async () => {
    const [calls, barrel] = [await gzippedSize("calls.ts"), await gzippedSize("barrel.ts")]

    console.info(`calls alone ${calls}, through the barrel ${barrel}`)
    expect(calls).toBeLessThanOrEqual(3_000)
    expect(barrel - calls).toBeLessThanOrEqual(400)
  }, 30_000)
})
