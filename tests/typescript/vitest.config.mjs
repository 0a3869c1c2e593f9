import { fileURLToPath } from "node:url"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vitest/config"

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: { kernel: fileURLToPath(new URL("../../mizan/codegen/kernel", import.meta.url)) },
    // The kernel lies outside this folder: what it imports is found from here.
    dedupe: ["@tanstack/react-query", "react", "react-dom"],
  },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
    restoreMocks: true,
    // What the simulated browser prints of refused requests is part of the tests.
    silent: "passed-only",
    testTimeout: 10_000,
  },
})
