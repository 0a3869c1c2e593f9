import { type Status, useColumns } from "../api"

/** What the columns are called. */
export function useStatusTitles(): Partial<Record<Status, string>> {
  return Object.fromEntries(useColumns().map(({ status, title }) => [status, title]))
}
