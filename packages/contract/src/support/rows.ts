import type { Columns } from '../cluster.js';

/** A job with every column filled in that no operation may touch. */
export const job = (id: number | string, columns: Columns = {}): Columns => ({
  id: String(id),
  name: `job-${id}`,
  state: 'RUNNING',
  note: 'alice',
  ...columns,
});

/** An allocation with every column filled in that no operation may touch. */
export const allocation = (id: number | string, jobId: number | string, columns: Columns = {}): Columns => ({
  id: String(id),
  jobId: String(jobId),
  status: 'ALLOCATED',
  note: 'n1',
  ...columns,
});

export const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** The whole numbers from 1 on. */
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
