import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

const kernel = new URL("../../../../mizan/codegen/kernel/", import.meta.url)
const sources = readdirSync(kernel)
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(new URL(name, kernel), "utf8") }))
const imports = (text: string): string[] => [...text.matchAll(/ from "([^"]+)"/g)].map(([, from]) => from ?? "")

describe("the kernel", () => {
  it("knows React and TanStack Query only in files whose names begin with react", () => {
    const below = sources.filter(({ name }) => !name.startsWith("react"))

    expect(below.length).toBeGreaterThan(10)
    for (const { name, text } of below) {
      expect(
        imports(text).filter((from) => !from.startsWith("./") || from.startsWith("./react")),
        name,
      ).toEqual([])
    }
  })

  it("needs no package but React and TanStack Query for React", () => {
    const packages = new Set(sources.flatMap(({ text }) => imports(text)).filter((from) => !from.startsWith("./")))

    expect([...packages].sort()).toEqual(["@tanstack/react-query", "react"])
  })

  it("has no import cycles, of types neither", () => {
    const uses = new Map(
      sources.map(({ name, text }) => [
        name.replace(/\.tsx?$/, ""),
        imports(text)
          .filter((from) => from.startsWith("./"))
          .map((from) => from.slice(2)),
      ]),
    )
    const walk = (name: string, path: readonly string[]): void => {
      expect(path, [...path, name].join(" → ")).not.toContain(name)
      for (const next of uses.get(name) ?? []) walk(next, [...path, name])
    }

    for (const name of uses.keys()) walk(name, [])
  })

  it("has no any, and says why at each assertion", () => {
    for (const { name, text } of sources) {
      expect(text, name).not.toMatch(/\bany\b(?=[\s>\])[,;|&]*$)|: any\b|<any\b/m)
      const lines = text.split("\n")
      lines.forEach((line, index) => {
        const asserts =
          / as (?!const\b)/.test(line.replace(/\/\/.*/, "")) &&
          !line.startsWith("import") &&
          !/^\s*\*|\/\*\*/.test(line)
        const reasons = [line, ...lines.slice(Math.max(0, index - 5), index)].some((each) => /\/\/ /.test(each))
        expect(asserts && !reasons, `${name}:${index + 1} ${line}`).toBe(false)
      })
    }
  })

  it("stays readable: no file of more than 250 lines, no line of more than 120 characters", () => {
    for (const { name, text } of sources) {
      expect(text.split("\n").length, name).toBeLessThanOrEqual(250)
      expect(
        text.split("\n").filter((line) => line.length > 120),
        name,
      ).toEqual([])
    }
  })

  it("says in its hook files that they are for the client", () => {
    for (const { name, text } of sources.filter((source) => source.name.startsWith("react"))) {
      expect(text.startsWith('"use client"\n'), name).toBe(true)
    }
  })
})
