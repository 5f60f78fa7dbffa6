import { isDeepStrictEqual } from 'node:util';
import { type Entry, JANITOR } from '../judge.js';
import type { Row, TableName, Tables } from '../rows.js';

/** Whoever cannot tell whether a commit of his own reached the server. */
const UNKNOWN = 'unknown';

/**
 * The ledger where there are no triggers: what the application knows that it left. Whenever it comes back to a job, all
 * that is otherwise was written by jobsweep, in the order in which jobsweep writes.
 */
export class MongoLedger {
  readonly entries: Entry[] = [];
  readonly #rows: Record<TableName, Map<string, Row>> = { jobs: new Map(), allocations: new Map() };
  readonly #uncertain = new Set<string>();

  constructor({ jobs, allocations }: Tables) {
    for (const row of jobs) this.#rows.jobs.set(String(row.id), row);
    for (const row of allocations) this.#rows.allocations.set(String(row.id), row);
  }

  /** What is found of some jobs, or of all; whatever differs from what was known is an entry. */
  found(tables: Tables, jobId?: string): void {
    const jobs = this.#changes('jobs', tables.jobs, (row) => jobId === undefined || row.id === jobId);
    const allocations = this.#changes(
      'allocations',
      tables.allocations,
      (row) => jobId === undefined || row.job_id === jobId,
    );
    const written = (entries: Entry[]) => entries.filter(({ after }) => after !== null);
    const deleted = (entries: Entry[]) => entries.filter(({ after }) => after === null).flatMap(releasedFirst);
    for (const entry of [...written(jobs), ...written(allocations), ...deleted(allocations), ...deleted(jobs)]) {
      this.#keep(entry);
    }
    if (jobId === undefined) this.#uncertain.clear();
    else this.#uncertain.delete(jobId);
  }

  /** What the application wrote and committed. */
  wrote(table: TableName, id: string, set: Row): void {
    const before = this.#rows[table].get(id) ?? null;
    this.#keep({ who: 'application', at: Date.now(), table, before, after: { ...before, id, ...set } });
  }

  /** The application's commit may have reached the server or not. */
  lost(jobId: string): void {
    this.#uncertain.add(jobId);
  }

  #changes(table: TableName, found: readonly Row[], isAsked: (row: Row) => boolean): Entry[] {
    const known = this.#rows[table];
    const now = new Map(found.map((row) => [String(row.id), row]));
    const ids = new Set([...now.keys(), ...[...known.values()].filter(isAsked).map(({ id }) => String(id))]);
    return [...ids].flatMap((id) => {
      const [before, after] = [known.get(id) ?? null, now.get(id) ?? null];
      if (isDeepStrictEqual(before, after)) return [];
      const jobId = String(table === 'jobs' ? id : (before ?? after)?.job_id);
      const time = after?.end_time ?? after?.released_time;
      const at = time === null || time === undefined ? Date.now() : Date.parse(time);
      return [{ who: this.#uncertain.has(jobId) ? UNKNOWN : JANITOR, at, table, before, after }];
    });
  }

  #keep(entry: Entry): void {
    this.entries.push(entry);
    const id = String((entry.before ?? entry.after)?.id);
    if (entry.after === null) this.#rows[entry.table].delete(id);
    else this.#rows[entry.table].set(id, entry.after);
  }
}

/** Two turns may have come between two looks: what was released by the first one was deleted by the second one. */
function releasedFirst(entry: Entry): Entry[] {
  const { before } = entry;
  if (before?.status !== 'RESERVED' && before?.status !== 'ALLOCATED') return [entry];
  const released = { ...before, status: 'RELEASED' };
  return [
    { ...entry, after: released },
    { ...entry, before: released },
  ];
}
