let latest = 0

/** Numbers moments in the order in which they come; clocks are too coarse to tell what was first. */
export function moment(): number {
  return ++latest
}
