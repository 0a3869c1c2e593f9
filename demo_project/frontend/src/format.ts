import { type DateOnly, type DateTime, type Decimal, toDate } from "./api"

const money = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" })
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" })
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" })
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" })

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
]

/** An amount stays text from the database to here, so that no cent is lost on the way. */
export function formatMoney(amount: Decimal): string {
  return money.format(Number(amount))
}

export function formatDay(date: DateOnly): string {
  return day.format(toDate(date))
}

export function formatMoment(instant: DateTime): string {
  return moment.format(toDate(instant))
}

/** "3 hours ago", "yesterday", "just now". */
export function formatAgo(instant: DateTime): string {
  const seconds = (toDate(instant).getTime() - Date.now()) / 1000
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length)
  return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : "just now"
}

export function isOver(date: DateOnly): boolean {
  return toDate(date).getTime() < new Date().setHours(0, 0, 0, 0)
}
