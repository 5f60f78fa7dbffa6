/** How often a strategy has its turn. */
export type Schedule =
  /** Every so many seconds, above 0. */
  | { readonly intervalSeconds: number }
  /** At the times of a cron expression of five or six parts, by the clock of a time zone such as `Europe/Berlin`. Default: `UTC`. */
  | { readonly cron: string; readonly timeZone?: string };
