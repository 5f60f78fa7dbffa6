import type { RefusedRows } from '@jobsweep/core';
import { counted } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';

/** `1200 rows refused by orders_job_fkey (7, 9, 12, ...)`. */
export function refusedInWords({ rows, isCapped, ids, constraint, code }: RefusedRows, words: Words['run']): string {
  const named = `${ids.join(', ')}${rows > ids.length || isCapped ? ', ...' : ''}`;
  return words.refused(counted(rows, isCapped), rows === 1 && !isCapped, constraint ?? code, named);
}
