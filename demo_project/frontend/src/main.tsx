import "./style/index.css"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { isMizanError, MizanContext } from "./api"
import { App } from "./App"
import { RequestLog } from "./requests/requestLog"
import { RequestPanel } from "./requests/RequestPanel"

const page = document.getElementById("app")
if (page === null) throw new Error("The page has no element with the id “app”")

// What the server says is shown where it happens, by an ErrorBoundary; everything else is a bug.
const reportCaught = (error: unknown): void => {
  if (!isMizanError(error)) console.error(error)
}

const requests = new RequestLog()

createRoot(page, { onCaughtError: reportCaught }).render(
  <StrictMode>
    <MizanContext baseUrl="/api/mizan" fetch={requests.fetch}>
      <App />
      <RequestPanel log={requests} />
    </MizanContext>
  </StrictMode>,
)
