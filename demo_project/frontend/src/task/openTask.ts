import { useSyncExternalStore } from "react"

const PATTERN = /^#\/tasks\/(\d+)$/

/** The address of a task on this page: it can be shared, and "back" closes it. */
export function taskAddress(id: number): string {
  return `#/tasks/${id}`
}

/** The task that the page's address names. */
export function useOpenTask(): number | null {
  const hash = useSyncExternalStore(onHashChange, () => window.location.hash)
  const id = PATTERN.exec(hash)?.[1]
  return id === undefined ? null : Number(id)
}

export function closeTask(): void {
  window.location.hash = "/"
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener("hashchange", listener)
  return () => window.removeEventListener("hashchange", listener)
}
