/** The time `ms` milliseconds after another one; `null` where that is not set. */
export function laterBy(time: Date | null, ms: number): Date | null {
  return time === null ? null : new Date(time.getTime() + ms);
}
