import { expect, type Mocked, vi } from 'vitest';
import type {
  AllocationWithJob,
  CleanupRepository,
  ErrorCode,
  GetOptions,
  Job,
  Logger,
  PassResult,
} from '../src/index.js';
import { type PassOptions, runPass, StuckJobCleanupStrategy } from '../src/index.js';
import { type FakeSession, FakeStore, FakeTiming } from './fakes.js';

export const session: FakeSession = { transaction: 0 };
const NOW = new Date('2024-05-01T12:00:00Z');
export const clock = { now: () => NOW };

export function aJob(fields: Partial<Job> = {}): Job {
  const startTime = new Date('2024-04-01T08:00:00Z');
  return {
    id: '1',
    name: 'train',
    state: 'RUNNING',
    startTime,
    endTime: null,
    errorMsg: null,
    exitCode: null,
    ...fields,
  };
}

/** Jobs with the ids '1' to `count`. */
export function someJobs(count: number): Job[] {
  return Array.from({ length: count }, (_, index) => aJob({ id: String(index + 1) }));
}

export function anAllocation(fields: Partial<AllocationWithJob> = {}): AllocationWithJob {
  const allocationTime = new Date('2024-05-01T11:30:00Z');
  const owner = aJob({ id: fields.jobId ?? '1' });
  return { id: 'a1', jobId: '1', status: 'RESERVED', allocationTime, releasedTime: null, job: owner, ...fields };
}

/** What the hook `after` gets. */
export function aResult(fields: Partial<PassResult> = {}): PassResult {
  return {
    name: 'a_strategy',
    status: 'done',
    stopReason: 'drained',
    durationMs: 5,
    waitedMs: 0,
    batchRows: 1000,
    place: null,
    itemsCleaned: 0,
    itemsFound: 0,
    itemsContended: 0,
    itemsPassedOver: 0,
    itemsBlocked: 0,
    itemsUnknown: 0,
    itemsHolding: 0,
    itemsUnconfirmed: 0,
    batches: 0,
    blocked: [],
    ...fields,
  };
}

/** For `toThrow` and `toEqual`: any error with this code and message. */
export function errorWith(code: ErrorCode, message: string): Error {
  return expect.objectContaining({ name: 'JobsweepError', code, message }) as Error;
}

/** A repository that finds nothing, and that changes every row it is given. */
export function mockRepository(): Mocked<Omit<CleanupRepository<FakeSession>, 'requireRule'>> {
  return {
    countCompletedJobsWithUnreleasedResources: vi.fn(async () => 0),
    getCompletedJobsWithUnreleasedResources: vi.fn(async () => []),
    releaseResourcesForCompletedJobs: vi.fn(async (_session, rows) => rows.length),
    countStaleReservations: vi.fn(async () => 0),
    getStaleReservations: vi.fn(async () => []),
    cleanupStaleReservation: vi.fn(async () => true),
    cleanupStaleReservations: vi.fn(async (_session, rows) => [...rows]),
    getStuckJobs: vi.fn(async () => []),
    giveBackJobs: vi.fn(async (_session, rows) => [...rows]),
    markJobAsFailed: vi.fn(async () => true),
    markJobsAsFailed: vi.fn(async (_session, rows) => [...rows]),
    releaseResourceForJob: vi.fn(async () => true),
    releaseResourcesForJobs: vi.fn(async () => []),
    getWaitingJobs: vi.fn(async () => []),
    failWaitingJobs: vi.fn(async (_session, rows) => [...rows]),
    getOldJobs: vi.fn(async () => []),
    getOrphanedAllocations: vi.fn(async () => []),
    releaseOrphanedAllocations: vi.fn(async (_session, rows) => [...rows]),
    deleteJobsBatch: vi.fn(async (_session, rows) => rows.length),
  };
}

/** What a `get*` of a table with these rows answers: the page after `after`, `limit` rows at most. */
export function pageOf<Row extends { id: string }>(
  rows: readonly Row[],
  { limit, after }: GetOptions<Row> = {},
): Row[] {
  const start = after === undefined ? 0 : rows.findIndex((row) => row.id === after.id) + 1;
  return rows.slice(start, limit === undefined ? undefined : start + limit);
}

/** Keeps what is logged as lines: `warn [stuck_job_cleanup] ...`. */
export function recordingLogger(lines: string[] = []): Logger & { readonly lines: string[] } {
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** With a look of its own before it finds anything, as strategies may have. */
class CheckedStrategy extends StuckJobCleanupStrategy<FakeSession> {
  override async before(): Promise<boolean> {
    return true;
  }
}

/** Everything a pass over stuck jobs needs. Transactions and log lines are kept in one list, `events`. */
export function passOver(rows: readonly Job[]) {
  const events: string[] = [];
  const repository = mockRepository();
  repository.getStuckJobs.mockImplementation(async (_session, _hours, page) => pageOf(rows, page));
  const store = new FakeStore(events);
  const logger = recordingLogger(events);
  const timing = new FakeTiming();
  const strategy = new CheckedStrategy(repository, { logger });
  const run = (options: PassOptions<Job> = {}) => runPass(store, strategy, { timing, logger, ...options });
  return { events, repository, store, logger, timing, strategy, run };
}

/** The operations that were called, each as often as it was. */
export function calledOperations(repository: ReturnType<typeof mockRepository>): string[] {
  const operations = Object.entries<{ readonly mock: { readonly calls: readonly unknown[] } }>({ ...repository });
  return operations.flatMap(([name, { mock }]) => mock.calls.map(() => name));
}

/** The ids of the rows that each call of a batch write was given. */
export function idsGiven(write: { readonly mock: { readonly calls: readonly unknown[][] } }): string[][] {
  return write.mock.calls.map((call) => (call[1] as { id: string }[]).map((row) => row.id));
}
