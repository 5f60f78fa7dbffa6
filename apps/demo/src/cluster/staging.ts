import type { SwfRecord } from '../swf/record.js';
import type { Database } from './connection.js';

const TABLE = `
CREATE TEMPORARY TABLE log_jobs (
  ordinal bigint PRIMARY KEY,
  id bigint,
  name text,
  state text,
  exit_code text,
  submit_seconds double precision,
  start_seconds double precision,
  end_seconds double precision,
  processors integer,
  user_id integer,
  queue integer
)`;

const INSERT = `
INSERT INTO log_jobs
SELECT $1 + n - 1, id, name, state, exit_code, submit_seconds, start_seconds, end_seconds, processors, user_id, queue
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::float8[],
            $9::integer[], $10::integer[], $11::integer[]) WITH ORDINALITY
  AS r (id, name, state, exit_code, submit_seconds, start_seconds, end_seconds, processors, user_id, queue, n)`;

const BATCH_ROWS = 5000;

/** Exit codes in Slurm's notation, `code:signal`. */
const EXIT_CODES = { COMPLETED: '0:0', FAILED: '1:0', CANCELLED: '0:15' } as const;

/** What was staged; times in seconds on the log's own clock. */
export interface StagedLog {
  readonly jobs: number;
  readonly firstSubmitSeconds: number;
  readonly lastEndSeconds: number;
}

/**
 * Reads a log into the connection's temporary table `log_jobs`, numbered from 0, at most `maxJobs` of it. Memory is
 * that of one batch, whatever the log's length.
 */
export async function stageLog(
  database: Database,
  log: AsyncIterable<readonly SwfRecord[]>,
  maxJobs: number,
): Promise<StagedLog> {
  await database.query(TABLE);
  let jobs = 0;
  let firstSubmitSeconds = Number.POSITIVE_INFINITY;
  let lastEndSeconds = Number.NEGATIVE_INFINITY;
  let batch: SwfRecord[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    await database.query(INSERT, [jobs, ...columnsOf(batch)]);
    jobs += batch.length;
    batch = [];
  };
  for await (const records of log) {
    for (const record of records) {
      if (jobs + batch.length === maxJobs) break;
      batch.push(record);
      firstSubmitSeconds = Math.min(firstSubmitSeconds, record.submitSeconds);
      lastEndSeconds = Math.max(lastEndSeconds, record.endSeconds);
    }
    if (batch.length >= BATCH_ROWS) await flush();
    if (jobs + batch.length === maxJobs) break;
  }
  await flush();
  return { jobs, firstSubmitSeconds, lastEndSeconds };
}

function columnsOf(records: readonly SwfRecord[]): unknown[][] {
  return [
    records.map((record) => record.id),
    records.map(({ id, executable }) => (executable === null ? `job-${id}` : `app-${executable}`)),
    records.map((record) => record.state),
    records.map((record) => EXIT_CODES[record.state]),
    records.map((record) => record.submitSeconds),
    records.map((record) => record.startSeconds),
    records.map((record) => record.endSeconds),
    records.map((record) => record.processors),
    records.map((record) => record.userId),
    records.map((record) => record.queue),
  ];
}
