import { ABANDONED_NOTE } from '@jobsweep/core';

/** `jobsweep history`. */
export const history = {
  columns: {
    id: 'PASS',
    began: 'BEGAN (UTC)',
    strategy: 'STRATEGY',
    result: 'RESULT',
    repaired: 'REPAIRED',
    batches: 'BATCHES',
    time: 'TIME',
    host: 'HOST',
    note: 'NOTE',
  },
  failed: 'failed',
  approved: (rows: string, by: string) => `${by} approved ${rows} rows`,
  paused: (by: string) => `${by} paused it`,
  resumed: (by: string) => `${by} resumed it`,
  observed: (rows: string, isOne: boolean, first?: string) =>
    `would have repaired ${rows} ${isOne ? 'row' : 'rows'}${first === undefined ? '' : `, the first: ${first}`}`,
  onlyLooked: (rows: string, isOne: boolean) =>
    `It observes, so it changed nothing. It would have repaired ${rows} ${isOne ? 'row' : 'rows'}:`,
  nothingYet: 'No pass has done anything yet.',
  abandoned: ABANDONED_NOTE as string,
  unknown: (count: string) => `${count} unknown`,
  notThere:
    "There is no history to see: jobsweep's own tables are missing, or hidden from this user. `jobsweep init --apply` makes them.",
};
