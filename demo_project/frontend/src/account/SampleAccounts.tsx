import type { ReactNode } from "react"
import { type SampleAccount, useSampleAccounts } from "../api"

interface SampleAccountsProps {
  /** The user name that the form holds. */
  chosen: string
  onChoose: (account: SampleAccount) => void
}

/** The accounts of the demo; a click fills the form. */
export function SampleAccounts({ chosen, onChoose }: SampleAccountsProps): ReactNode {
  const accounts = useSampleAccounts()
  return (
    <div className="samples" role="group" aria-label="Sample accounts">
      {accounts.map((account) => (
        <button
          key={account.username}
          type="button"
          className="sample"
          aria-pressed={account.username === chosen}
          onClick={() => onChoose(account)}
        >
          <strong>{account.name}</strong>
          <span>{account.can}</span>
          <code>
            {account.username} / {account.password}
          </code>
        </button>
      ))}
    </div>
  )
}
