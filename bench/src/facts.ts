import type { Act } from './contender.js';

/** So many jobs with an allocation each. */
export interface Jobs {
  /** In turn. */
  readonly states: readonly string[];
  readonly status: 'RESERVED' | 'ALLOCATED' | 'RELEASED';
  /** When the first one began and when the last one did: the later, the greater its id. */
  readonly beganDaysAgo: readonly [first: number, last: number];
  /** They end within so many days, in another order than they began in. Absent: they run. */
  readonly endedWithinDays?: number;
  readonly logsOfEach?: number;
  /** So long is the message of each. Absent: there is none. */
  readonly messageBytes?: number;
}

/** A workload of which all rows are due. */
export interface Mass {
  readonly act: Act;
  readonly due: Jobs;
}

export const LOGS = 'job_logs';
export const LOGS_OF_EACH = 4;

const FINISHED = ['FAILED', 'CANCELLED', 'COMPLETED', 'COMPLETED', 'COMPLETED'];
const OLD: Jobs = { states: FINISHED, status: 'RELEASED', beganDaysAgo: [90, 50], endedWithinDays: 3 };
const LATE: readonly [number, number] = [9, 6];

export const MASS = {
  purge: { act: 'purge', due: OLD },
  release: { act: 'release', due: { states: FINISHED, status: 'ALLOCATED', beganDaysAgo: LATE, endedWithinDays: 3 } },
  stale: { act: 'stale', due: { states: ['RUNNING'], status: 'RESERVED', beganDaysAgo: [1, 0.1] } },
  fail: { act: 'fail', due: { states: ['RUNNING'], status: 'ALLOCATED', beganDaysAgo: LATE } },
  dependents: { act: 'purge', due: { ...OLD, logsOfEach: LOGS_OF_EACH } },
  /** Rows that were written one after the other are due one after the other. */
  clustered: { act: 'purge', due: { ...OLD, endedWithinDays: 0 } },
  /** Rows that are due one after the other are on pages all over the tables. */
  scattered: { act: 'purge', due: { ...OLD, beganDaysAgo: [90, 90], endedWithinDays: 40 } },
} as const satisfies Record<string, Mass>;

/** Finished jobs that are not due: as many as those that are. */
export const HISTORY: Jobs = { ...OLD, beganDaysAgo: [20, 10] };

/** Jobs that run as they should. */
export const LIVE: Jobs = { states: ['RUNNING'], status: 'ALLOCATED', beganDaysAgo: [0.003, 0] };

export const LIVE_JOBS = 100;

/** Jobs of one kind after the other, so that ids go on. */
export type Content = readonly (readonly [jobs: Jobs, count: number])[];

export const contentOf = (due: Jobs, rows: number): Content => [
  [due, rows],
  [HISTORY, rows],
  [LIVE, LIVE_JOBS],
];
