import { type ReactNode, useId, useLayoutEffect, useRef } from "react"

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  isWide?: boolean
}

/** A modal dialog: the browser keeps the focus inside, and gives it back to where it was. */
export function Dialog({ title, onClose, children, isWide = false }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className={isWide ? "dialog dialog-wide" : "dialog"}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClose={() => {
        // StrictMode closes the dialog and opens it again; by the time the event comes it is open.
        if (ref.current?.open === false) onClose()
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="button-icon" aria-label="Close" onClick={onClose}>
            ×
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
