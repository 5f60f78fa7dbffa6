import type { RefusedRows } from '@jobsweep/core';
import { counted } from '../../counted.js';

/** `1200 rows refused by orders_job_fkey (7, 9, 12, ...)`. */
export function refusedInWords({ rows, isCapped, ids, constraint, code }: RefusedRows): string {
  const named = `${ids.join(', ')}${rows > ids.length || isCapped ? ', ...' : ''}`;
  return `${counted(rows, isCapped)} ${rows === 1 && !isCapped ? 'row' : 'rows'} refused by ${constraint ?? code} (${named})`;
}
