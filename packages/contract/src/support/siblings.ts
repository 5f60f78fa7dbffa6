import type { Columns } from '../cluster.js';
import { MINUTE } from './times.js';

/** Another allocation of a job that holds a stale reservation (older than 10 minutes at `NOW`). */
interface Sibling {
  readonly name: string;
  readonly row: Columns;
}

/** `live` ones keep the job alive, so its reservation is not stale; `dead` ones do not. */
export function siblings(ago: (seconds: number, steps?: number) => string): {
  readonly live: readonly Sibling[];
  readonly dead: readonly Sibling[];
} {
  const reserved = (seconds: number, steps = 0) => ({ status: 'RESERVED', allocationTime: ago(seconds, steps) });
  const old = { allocationTime: ago(60 * MINUTE) };
  return {
    live: [
      { name: 'is ALLOCATED', row: { status: 'ALLOCATED', ...old } },
      { name: 'is ALLOCATED without a time', row: { status: 'ALLOCATED' } },
      { name: 'is RESERVED just now', row: reserved(0) },
      { name: 'is RESERVED exactly at the limit', row: reserved(10 * MINUTE) },
      { name: 'is RESERVED one step within the limit', row: reserved(10 * MINUTE, -1) },
      { name: 'is RESERVED without a time', row: { status: 'RESERVED' } },
      { name: 'has an unknown status', row: { status: 'DRAINING', ...old } },
      { name: 'has a known status in other letters', row: { status: 'released', ...old } },
      { name: 'has no status', row: { status: null, ...old } },
    ],
    dead: [
      { name: 'is RELEASED', row: { status: 'RELEASED', ...old } },
      { name: 'is RELEASED and was reserved just now', row: { status: 'RELEASED', allocationTime: ago(0) } },
      { name: 'is stale as well', row: reserved(60 * MINUTE) },
      { name: 'is stale by one step', row: reserved(10 * MINUTE, 1) },
    ],
  };
}
