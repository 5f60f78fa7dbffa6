import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { connectPlain, type Plain } from '@jobsweep/test-engines';
import type { Load } from '../cluster.js';
import type { Words } from './words.js';

/** Jobs of each worker, which no other worker touches. */
const JOBS = 12;
const PAUSE_MS = 15;
const RECONNECT_MS = 250;

/** Workers that keep the duties of docs/worker-duties.md, and leave leaks, stale reservations and stuck jobs behind. */
export function sqlLoad(url: string, words: Words, workers: number): Load {
  const stopping = new AbortController();
  let [committed, lastError] = [0, 'none'];
  const work = Array.from({ length: workers }, (_, worker) => workFor(worker));

  async function workFor(worker: number): Promise<void> {
    let turn = 0;
    while (!stopping.signal.aborted) {
      let sql: Plain | undefined;
      try {
        sql = await connectPlain(url);
        for (; !stopping.signal.aborted; turn++) {
          await act(sql, words, String(1 + worker * JOBS + (turn % JOBS)));
          committed++;
          await delay(PAUSE_MS);
        }
      } catch (error) {
        // The server is away: as an application does, try again.
        lastError = String(error);
        await delay(RECONNECT_MS);
      }
      await sql?.close().catch(() => undefined);
    }
  }
  return {
    get committed() {
      return committed;
    },
    get lastError() {
      return lastError;
    },
    async stop() {
      stopping.abort();
      await Promise.all(work);
    },
  };
}

/** Unlike any other of any worker. */
const allocationId = (): string => String(randomInt(2 ** 40, 2 ** 47));

/** One transaction under the job's row. */
async function act(sql: Plain, words: Words, id: string): Promise<void> {
  await sql.query('begin');
  const [job] = await sql.query('select state from jobs where id = ? for update', [id]);
  const is = (share: number) => Math.random() < share;
  const now = words.ago(0, 'hour');
  if (job === undefined) {
    await sql.query("insert into jobs (id, name, state) values (?, 'worker', 'PENDING')", [id]);
  } else if (job.state === 'PENDING') {
    const start = is(0.25) ? words.ago(49, 'hour') : now;
    await sql.query(`update jobs set state = 'RUNNING', start_time = ${start} where id = ?`, [id]);
    const [status, since] = is(0.25) ? ['RESERVED', words.ago(11, 'minute')] : ['ALLOCATED', now];
    await sql.query(
      `insert into resource_allocations (id, job_id, status, allocation_time) values (?, ?, ?, ${since})`,
      [allocationId(), id, status],
    );
  } else if (job.state === 'RUNNING') {
    const end = is(0.2) ? words.ago(31, 'day') : now;
    await sql.query(`update jobs set state = 'COMPLETED', end_time = ${end}, exit_code = '0:0' where id = ?`, [id]);
  } else {
    // What it holds is the next run's.
    await sql.query(
      `update jobs set state = 'PENDING', start_time = null, end_time = null, error_msg = null, exit_code = null where id = ?`,
      [id],
    );
  }
  await sql.query('commit');
}
