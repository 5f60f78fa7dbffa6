import { Logger, makeWorkerUtils, runOnce } from 'graphile-worker';
import pg from 'pg';

const logger = new Logger(() => () => {});

/** Seven jobs in a schema that Graphile Worker makes itself: a job's id is its place in this list. */
const JOBS = [
  { what: 'failed for good, long ago', task: 'mail', maxAttempts: 1, isTried: true, age: { run_at: '40 days' } },
  { what: 'failed for good, just now', task: 'mail', maxAttempts: 1, isTried: true },
  { what: 'failed once and will be tried again', task: 'mail', maxAttempts: 3, isTried: true },
  { what: 'waits for a worker that nobody started', task: 'report', maxAttempts: 3, age: { run_at: '60 days' } },
  {
    what: 'is locked by a worker that died',
    task: 'report',
    maxAttempts: 3,
    age: { run_at: '60 days', locked_at: '3 days' },
  },
  {
    what: 'runs, in its last attempt',
    task: 'report',
    maxAttempts: 1,
    age: { run_at: '60 days', locked_at: '1 minute' },
  },
  { what: 'failed for good, long ago, too', task: 'mail', maxAttempts: 1, isTried: true, age: { run_at: '50 days' } },
];

/** A worker that can only fail works off what has come due. */
export async function work(/** @type {string} */ connectionString) {
  const fail = () => {
    throw new Error('refused');
  };
  await runOnce({ connectionString, logger, noHandleSignals: true, taskList: { mail: fail } });
}

/**
 * Makes the schema, adds the jobs, has the mails tried once, and lets time pass for some jobs.
 *
 * @param {string} connectionString
 */
export async function fillQueue(connectionString) {
  const utils = await makeWorkerUtils({ connectionString, logger });
  await utils.migrate();
  for (const { task, maxAttempts } of JOBS) await utils.addJob(task, {}, { maxAttempts });
  await utils.release();
  await work(connectionString);
  const client = new pg.Client(connectionString);
  await client.connect();
  for (const [index, { age = {} }] of JOBS.entries()) {
    const lock = 'locked_at' in age ? ", locked_by = 'worker-1', attempts = 1" : '';
    const times = Object.entries(age).map(([column, ago]) => `${column} = now() - interval '${ago}'`);
    if (times.length === 0) continue;
    await client.query(`update graphile_worker._private_jobs set ${times.join()}${lock} where id = ${index + 1}`);
  }
  await client.end();
}
