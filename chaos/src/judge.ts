import { OLD_DAYS, type Row, STALE_MINUTES, STUCK_HOURS, type TableName, type Tables } from './rows.js';

/** One change of one row, in the order of the ledger. */
export interface Entry {
  readonly who: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly table: TableName;
  readonly before: Row | null;
  readonly after: Row | null;
}

export type Strategy = 'completed_job_cleanup' | 'stale_reservation_cleanup' | 'stuck_job_cleanup' | 'old_job_cleanup';
export type Counts = Record<Strategy, number>;

export const NOTHING: Readonly<Counts> = {
  completed_job_cleanup: 0,
  stale_reservation_cleanup: 0,
  stuck_job_cleanup: 0,
  old_job_cleanup: 0,
};

export interface Verdict {
  /** Changes of jobsweep's that no rule explains, each in a line. */
  readonly violations: readonly string[];
  /** What jobsweep repaired, as the history must have it. */
  readonly repaired: Counts;
}

/** The name that jobsweep has in the ledger. */
export const JANITOR = 'janitor';

const FINISHED: readonly unknown[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
const UNRELEASED: readonly unknown[] = ['RESERVED', 'ALLOCATED'];
const WRITTEN = {
  jobs: ['state', 'end_time', 'error_msg', 'exit_code'],
  allocations: ['status', 'released_time'],
} as const;

/** Jobsweep's clock is the server's, and the ledger's is too, a moment later. */
const CLOCK_MS = 60_000;

/** Explains every change of jobsweep's by the rules, said once more in plain words, from what was there before it. */
export function judge(opening: Tables, entries: readonly Entry[]): Verdict {
  const now = new State(opening);
  const violations: string[] = [];
  const repaired = { ...NOTHING };
  for (const entry of entries) {
    if (entry.who === JANITOR) {
      const problem = entry.table === 'jobs' ? problemOfJob(now, entry) : problemOfAllocation(now, entry);
      if (problem !== undefined) violations.push(describe(entry, problem));
      const strategy = strategyOf(now, entry);
      if (strategy !== undefined) repaired[strategy]++;
    }
    now.apply(entry);
  }
  return { violations, repaired };
}

function problemOfJob(now: State, { at, before, after }: Entry): string | undefined {
  if (before === null) return 'inserted a job';
  const holds = now.allocationsOf(before.id);
  if (after === null) {
    if (holds.length > 0) return `deleted a job that has ${holds.length} allocations`;
    return isOld(before, at) ? undefined : 'deleted a job that is not due';
  }
  const stray = strayColumns('jobs', before, after);
  if (stray.length > 0) return `wrote ${stray.join(', ')}`;
  if (before.state !== 'RUNNING' || after.state !== 'FAILED') return `made ${after.state} of ${before.state}`;
  if (Math.abs(at - timeOf(after.end_time)) > CLOCK_MS) return `wrote an end at ${after.end_time}`;
  if (after.exit_code === '-2:0') {
    return at - timeOf(before.start_time) > STUCK_HOURS * 3_600_000 ? undefined : 'failed a job that is not stuck';
  }
  if (after.exit_code !== '-3:0') return `wrote the exit code ${after.exit_code}`;
  const isStale = (row: Row) => row.status === 'RESERVED' && at - timeOf(row.allocation_time) > STALE_MINUTES * 60_000;
  const isOver = (row: Row) => row.status === 'RELEASED' || isStale(row);
  return holds.some(isStale) && holds.every(isOver) ? undefined : 'failed a job whose reservation is alive';
}

function problemOfAllocation(now: State, { at, before, after }: Entry): string | undefined {
  if (before === null) return 'inserted an allocation';
  const job = now.job(before.job_id);
  if (job === undefined) return 'changed an allocation of no job';
  if (after === null) {
    if (before.status !== 'RELEASED') return `deleted an allocation that is ${before.status}`;
    return isOld(job, at) ? undefined : 'deleted an allocation of a job that is not due';
  }
  const stray = strayColumns('allocations', before, after);
  if (stray.length > 0) return `wrote ${stray.join(', ')}`;
  if (!UNRELEASED.includes(before.status) || after.status !== 'RELEASED') {
    return `made ${after.status} of ${before.status}`;
  }
  return FINISHED.includes(job.state) ? undefined : `released an allocation of a job that is ${job.state}`;
}

/** Whose repair a change counts as: releases belong to what ended the job. */
function strategyOf(now: State, { table, before, after }: Entry): Strategy | undefined {
  if (before === null) return undefined;
  if (table === 'jobs') {
    if (after === null) return 'old_job_cleanup';
    return after.exit_code === '-2:0' ? 'stuck_job_cleanup' : undefined;
  }
  if (after === null) return undefined;
  const exit = now.job(before.job_id)?.exit_code;
  if (exit === '-2:0') return undefined;
  return exit === '-3:0' ? 'stale_reservation_cleanup' : 'completed_job_cleanup';
}

const isOld = (job: Row, at: number): boolean =>
  FINISHED.includes(job.state) && at - timeOf(job.end_time) > OLD_DAYS * 86_400_000;

const timeOf = (text: string | null | undefined): number =>
  text === null || text === undefined ? Number.NaN : Date.parse(text);

function strayColumns(table: TableName, before: Row, after: Row): string[] {
  const written: readonly string[] = WRITTEN[table];
  return Object.keys(before).filter((name) => before[name] !== after[name] && !written.includes(name));
}

const describe = ({ table, at, before, after }: Entry, problem: string): string =>
  `${new Date(at).toISOString()} ${table} ${before?.id ?? after?.id}: ${problem} (${JSON.stringify(before)} -> ${JSON.stringify(after)})`;

/** The tables as they were at a moment of the ledger. */
class State {
  readonly #jobs = new Map<string, Row>();
  readonly #allocations = new Map<string, Map<string, Row>>();

  constructor({ jobs, allocations }: Tables) {
    for (const after of jobs) this.apply({ table: 'jobs', before: null, after });
    for (const after of allocations) this.apply({ table: 'allocations', before: null, after });
  }

  job(id: string | null | undefined): Row | undefined {
    return this.#jobs.get(String(id));
  }

  allocationsOf(jobId: string | null | undefined): readonly Row[] {
    return [...(this.#allocations.get(String(jobId))?.values() ?? [])];
  }

  apply({ table, before, after }: Pick<Entry, 'table' | 'before' | 'after'>): void {
    const id = String((before ?? after)?.id);
    const rows = table === 'jobs' ? this.#jobs : this.#siblings(String((before ?? after)?.job_id));
    if (after === null) rows.delete(id);
    else rows.set(id, after);
  }

  #siblings(jobId: string): Map<string, Row> {
    const siblings = this.#allocations.get(jobId) ?? new Map<string, Row>();
    this.#allocations.set(jobId, siblings);
    return siblings;
  }
}
