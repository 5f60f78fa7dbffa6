/** How many characters the columns of names hold; longer ones are refused. */
export const NAME_LIMITS = { config: 64, strategy: 191, holder: 255 } as const;

/** How many characters the columns of texts hold; longer ones are cut. */
export const HISTORY_LIMITS = {
  errorCode: 64,
  errorMessage: 2000,
  host: 255,
  note: 1000,
  blockedMessage: 500,
} as const;

/** Rows that are kept of those that were refused in one pass. */
export const MAX_BLOCKED = 100;
