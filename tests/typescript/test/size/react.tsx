// React alone: what every React app has.
import { createRoot } from "react-dom/client"

createRoot(document.body).render(<button onClick={() => {}}>hi</button>)
