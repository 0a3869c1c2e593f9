import type { DateTime, Decimal, Uuid } from "kernel/scalars"

/** `accounts.clients.CurrentUser` */
export interface CurrentUser {
  email: string
  id: number
  joined: DateTime
}

/** `demo.clients.EchoOutput` */
export interface EchoOutput {
  message: string
}

/** `shop.errors.InsufficientFunds` */
export interface InsufficientFundsDetails {
  balance: Decimal
  needed: Decimal
}

/** `shop.clients.Order` */
export interface Order {
  id: Uuid
  total: Decimal
}

/** `site.clients.SiteInfo` */
export interface SiteInfo {
  name: string
}

/** `demo.clients.UploadOutput` */
export interface UploadOutput {
  files: Record<string, string>
  note: string | null
}

/** `accounts.clients.UserProfile` */
export interface UserProfile {
  bio: string | null
  id: number
  name: string
}

export interface AddOrderArgs {
  id: number
  total: Decimal
}

export interface EchoArgs {
  text: string
}

export interface LoginArgs {
  email: string
}

export interface RenameArgs {
  id: number
  name: string
}

export interface TransferArgs {
  amount: Decimal
}

export interface UpdateProfileArgs {
  bio?: string | null
  id: number
  name?: string
}

export interface UploadArgs {
  docs: { file: Blob; label: string }[]
  note?: string | null
}
