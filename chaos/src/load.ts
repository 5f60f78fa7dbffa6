import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ago, EMPTY_JOB, type Row, type TableName } from './rows.js';

/** The application at work. */
export interface Load {
  /** Transactions that were committed. */
  readonly committed: number;
  /** Why a worker connected again, the last time. */
  readonly lastError: string;
  /** Ends the workers after the transactions in hand. */
  stop(): Promise<void>;
}

/** One connection of the application. */
export interface Worker {
  /** One transaction under the row of the job: reads its state, and writes what `writesFor` says. */
  act(jobId: string): Promise<void>;
  close(): Promise<void>;
}

/** Jobs of each worker, which no other worker touches. */
const JOBS = 12;
const PAUSE_MS = 15;
const RECONNECT_MS = 250;

/** Begins so many workers. One that fails, as when the server is away, connects again. */
export function startLoad(workers: number, connect: () => Promise<Worker>): Load {
  const stopping = new AbortController();
  const goesOn = () => !stopping.signal.aborted;
  let [committed, lastError] = [0, 'none'];

  async function work(first: number): Promise<void> {
    for (let turn = 0; goesOn(); ) {
      let worker: Worker | undefined;
      try {
        worker = await connect();
        for (; goesOn(); turn++) {
          await worker.act(String(first + (turn % JOBS)));
          committed++;
          await delay(PAUSE_MS);
        }
      } catch (error) {
        lastError = String(error);
        await delay(RECONNECT_MS);
      }
      await worker?.close().catch(() => undefined);
    }
  }
  const all = Promise.all(Array.from({ length: workers }, (_, index) => work(1 + index * JOBS)));
  return {
    get committed() {
      return committed;
    },
    get lastError() {
      return lastError;
    },
    async stop() {
      stopping.abort();
      await all;
    },
  };
}

/** Columns that the application writes to one row. */
export interface Write {
  readonly table: TableName;
  readonly id: string;
  readonly isNew: boolean;
  readonly set: Row;
}

/**
 * What a worker does to a job in this state: it keeps the duties of docs/worker-duties.md, and leaves leaks, stale
 * reservations and stuck jobs behind. What a job holds that is queued again is its next run's.
 */
export function writesFor(id: string, state: string | null | undefined): Write[] {
  const is = (share: number) => Math.random() < share;
  const job = (set: Row): Write => ({ table: 'jobs', id, isNew: state === undefined, set });
  const now = ago(0, 'hours');
  const { state: PENDING, start_time, end_time, error_msg, exit_code } = EMPTY_JOB;
  switch (state) {
    case undefined:
      return [job({ ...EMPTY_JOB, name: 'worker' })];
    case 'PENDING': {
      const [status, since] = is(0.25) ? ['RESERVED', ago(11, 'minutes')] : ['ALLOCATED', now];
      const set = { job_id: id, status, allocation_time: since, released_time: null } as Row;
      const allocation = { table: 'allocations', id: String(randomInt(2 ** 40, 2 ** 47)), isNew: true, set } as const;
      return [job({ state: 'RUNNING', start_time: is(0.25) ? ago(49, 'hours') : now }), allocation];
    }
    case 'RUNNING':
      return [job({ state: 'COMPLETED', end_time: is(0.2) ? ago(31, 'days') : now, exit_code: '0:0' })];
    default:
      return [job({ state: PENDING, start_time, end_time, error_msg, exit_code } as Row)];
  }
}
