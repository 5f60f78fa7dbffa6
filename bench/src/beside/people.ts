/** What row by row code is about, in the words of people who never heard of a protocol. */
export const FINISHED_STATES = ['COMPLETED', 'FAILED', 'CANCELLED'];
export const UNRELEASED_STATUSES = ['RESERVED', 'ALLOCATED'];

const MINUTE_MS = 60_000;

export const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE_MS);
export const STALE_MINUTES = 10;
export const STUCK_MINUTES = 48 * 60;
export const OLD_MINUTES = 30 * 1440;
