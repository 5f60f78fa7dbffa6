/** When a row is due, for the strategies and for the plain SQL that checks them. */
export const limits = {
  /** A reservation older than this never started. */
  reservationMinutes: 10,
  /** A job that runs for longer than this is stuck. */
  runHours: 48,
  /** A finished job older than this may be purged. */
  keepDays: 30,
} as const;
