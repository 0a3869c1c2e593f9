/** A kind of text. Two kinds do not fit each other, and a plain string fits them all. */
export type Flavor<Name extends string> = string & { readonly __flavor?: Name }

/** Python `bytes`, as base64. */
export type Base64 = Flavor<"Base64">
/** A Python `int` of any size, in decimal digits. */
export type BigIntText = Flavor<"BigIntText">
/** Python `date`: "2026-11-23". */
export type DateOnly = Flavor<"DateOnly">
/** Python `datetime`: "2026-11-23T10:00:00Z". */
export type DateTime = Flavor<"DateTime">
/** Python `Decimal`: "1.10", never a float. */
export type Decimal = Flavor<"Decimal">
/** Python `timedelta`, ISO 8601: "P1DT2H". */
export type Duration = Flavor<"Duration">
/** Python `time`: "10:00:00". */
export type TimeOnly = Flavor<"TimeOnly">
/** Python `UUID`. */
export type Uuid = Flavor<"Uuid">

/** A date without a time becomes midnight in the browser's time zone, so that it shows as the same day. */
export function toDate(value: DateTime | DateOnly): Date {
  return new Date(value.length === 10 ? `${value}T00:00:00` : value)
}

export function toBigInt(value: BigIntText): bigint {
  return BigInt(value)
}

export function fromBigInt(value: bigint): BigIntText {
  return value.toString()
}

/** Accepts the standard and the URL-safe alphabet, with or without padding. */
export function toBytes(value: Base64): Uint8Array<ArrayBuffer> {
  const binary = atob(value.replaceAll("-", "+").replaceAll("_", "/"))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

export function fromBytes(bytes: Uint8Array): Base64 {
  let binary = ""
  // The bytes go in pieces, because a call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(binary)
}
