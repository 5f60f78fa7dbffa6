import type { Columns, Tables, Value } from '../cluster.js';
import type { ClusterUnderTest } from '../support/under-test.js';

/** A moment in a row: long ago, a step after that, during the test, or unset. */
export type Moment = 'old' | 'just after' | 'new' | null;

export interface JobNow {
  readonly state: string;
  readonly start: Moment;
  readonly end: Moment;
  readonly error: string | null;
  readonly exit: string | null;
  readonly owner: string;
}

export interface AllocationNow {
  readonly job: string;
  readonly status: string;
  readonly since: Moment;
  readonly released: Moment;
}

/** Both tables, by id. */
export interface Snapshot {
  readonly jobs: Readonly<Record<string, JobNow>>;
  readonly allocations: Readonly<Record<string, AllocationNow>>;
}

/** The times that the moments of a snapshot stand for. `new` is whatever is recent. */
const OLD = '2020-02-03T04:05:06.123000Z';
/** Within the same millisecond where the database can tell: a `Date` cannot. */
const JUST_AFTER: Readonly<Record<number, string>> = {
  1: '2020-02-03T04:05:06.123001Z',
  1000: '2020-02-03T04:05:06.124000Z',
};
const NEW_MS = 5 * 60_000;

/** What to write for a moment. */
export function written(moment: Moment, precisionMicros: number): Value {
  if (moment === 'old') return OLD;
  if (moment === 'just after') return JUST_AFTER[precisionMicros] ?? OLD;
  return moment === 'new' ? 'now' : null;
}

export async function seed(cluster: ClusterUnderTest<object>, { jobs, allocations }: Snapshot): Promise<void> {
  const time = (moment: Moment) => written(moment, cluster.precisionMicros);
  await cluster.seed({
    jobs: Object.entries(jobs).map(([id, { state, start, end, error, exit, owner }]): Columns => {
      const times = { startTime: time(start), endTime: time(end) };
      return { id, name: `job ${id}`, state, ...times, errorMsg: error, exitCode: exit, note: owner };
    }),
    allocations: Object.entries(allocations).map(
      ([id, { job, status, since, released }]): Columns => ({
        id,
        jobId: job,
        status,
        allocationTime: time(since),
        releasedTime: time(released),
      }),
    ),
  });
}

/** Reads both tables back with the plain driver. */
export async function readBack(cluster: ClusterUnderTest<object>): Promise<Snapshot> {
  const { jobs, allocations }: Tables = await cluster.read();
  const now = Date.parse(await cluster.now());
  const moment = (time: Value) => momentOf(time, cluster.precisionMicros, now);
  return {
    jobs: Object.fromEntries(
      jobs.map(({ id, state, startTime, endTime, errorMsg, exitCode, note }) => {
        const times = { start: moment(startTime), end: moment(endTime) };
        return [id, { state: state ?? '', ...times, error: errorMsg, exit: exitCode, owner: note ?? '' }];
      }),
    ),
    allocations: Object.fromEntries(
      allocations.map(({ id, jobId, status, allocationTime, releasedTime }) => {
        const times = { since: moment(allocationTime), released: moment(releasedTime) };
        return [id, { job: jobId ?? '', status: status ?? '', ...times }];
      }),
    ),
  };
}

function momentOf(time: Value, precisionMicros: number, now: number): Moment {
  if (time === null) return null;
  if (time === OLD) return 'old';
  if (time === JUST_AFTER[precisionMicros]) return 'just after';
  if (Date.parse(time) > now - NEW_MS) return 'new';
  throw new Error(`Nobody wrote the time ${time}`);
}

/** The snapshot with one job changed, where it is there. */
export function withJob(now: Snapshot, id: string, change: Partial<JobNow>): Snapshot {
  const job = now.jobs[id];
  return job === undefined ? now : { ...now, jobs: { ...now.jobs, [id]: { ...job, ...change } } };
}

/** The snapshot with one allocation changed, where it is there. */
export function withAllocation(now: Snapshot, id: string, change: Partial<AllocationNow>): Snapshot {
  const allocation = now.allocations[id];
  if (allocation === undefined) return now;
  return { ...now, allocations: { ...now.allocations, [id]: { ...allocation, ...change } } };
}

/** The ids of the allocations of a job. */
export function allocationsOf(now: Snapshot, job: string): string[] {
  return Object.keys(now.allocations).filter((id) => now.allocations[id]?.job === job);
}

/** The snapshot without a job and its allocations. */
export function withoutJob(now: Snapshot, id: string): Snapshot {
  const jobs = Object.entries(now.jobs).filter(([job]) => job !== id);
  const allocations = Object.entries(now.allocations).filter(([, { job }]) => job !== id);
  return { jobs: Object.fromEntries(jobs), allocations: Object.fromEntries(allocations) };
}
