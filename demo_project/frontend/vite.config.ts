import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

// Django renders the page and asks the manifest for its scripts, so there is no index.html.
export default defineConfig({
  base: "/static/",
  plugins: [react()],
  build: {
    manifest: "manifest.json",
    rollupOptions: { input: "src/main.tsx" },
  },
  server: { origin: "http://localhost:5173", cors: true },
})
