let latest = 0

/** The number of this moment, higher than that of any moment before. Clocks are too coarse to tell which was first. */
export function moment(): number {
  return ++latest
}
