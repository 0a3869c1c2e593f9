import "./style/index.css"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { MizanContext } from "./api"
import { App } from "./App"

const page = document.getElementById("app")
if (page === null) throw new Error("The page has no element with the id “app”")

createRoot(page).render(
  <StrictMode>
    <MizanContext baseUrl="/api/mizan">
      <App />
    </MizanContext>
  </StrictMode>,
)
