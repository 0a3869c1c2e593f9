import { MizanError } from "kernel/errors"
import type { InsufficientFundsDetails } from "./types"

/** The balance is too low. */
export class InsufficientFundsError extends MizanError<"INSUFFICIENT_FUNDS", InsufficientFundsDetails> {
  static override readonly code = "INSUFFICIENT_FUNDS"
}
