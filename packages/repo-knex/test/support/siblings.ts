import type { SeedRow } from './rows.js';
import { ago, MINUTE } from './times.js';

/** Another allocation of a job that holds a stale reservation (older than 10 minutes at `NOW`). */
interface Sibling {
  readonly name: string;
  readonly row: SeedRow;
}

const reserved = (seconds: number, micros = 0) => ({ status: 'RESERVED', allocation_time: ago(seconds, micros) });

/** They keep the job alive, so its reservation is not stale. */
export const LIVE_SIBLINGS: readonly Sibling[] = [
  { name: 'is ALLOCATED', row: { status: 'ALLOCATED', allocation_time: ago(60 * MINUTE) } },
  { name: 'is ALLOCATED without a time', row: { status: 'ALLOCATED' } },
  { name: 'is RESERVED just now', row: reserved(0) },
  { name: 'is RESERVED exactly at the limit', row: reserved(10 * MINUTE) },
  { name: 'is RESERVED one microsecond within the limit', row: reserved(10 * MINUTE, -1) },
  { name: 'is RESERVED without a time', row: { status: 'RESERVED' } },
  { name: 'has an unknown status', row: { status: 'DRAINING', allocation_time: ago(60 * MINUTE) } },
  { name: 'has a known status in other letters', row: { status: 'released', allocation_time: ago(60 * MINUTE) } },
  { name: 'has no status', row: { status: null, allocation_time: ago(60 * MINUTE) } },
];

/** They do not. */
export const DEAD_SIBLINGS: readonly Sibling[] = [
  { name: 'is RELEASED', row: { status: 'RELEASED', allocation_time: ago(60 * MINUTE) } },
  { name: 'is RELEASED and was reserved just now', row: { status: 'RELEASED', allocation_time: ago(0) } },
  { name: 'is stale as well', row: reserved(60 * MINUTE) },
  { name: 'is stale by one microsecond', row: reserved(10 * MINUTE, 1) },
];
