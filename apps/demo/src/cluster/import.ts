import type { SwfRecord } from '../swf/record.js';
import type { ClusterDatabase } from './database.js';
import { layOut } from './layout.js';
import { type StagedLog, stageLog } from './staged-log.js';
import { MICROS_PER_SECOND } from './times.js';

/** The last job of the log ended so long before the import. */
const LAST_END_SECONDS_AGO = 3600;

const CHUNK_JOBS = 5000;

export interface ImportProgress {
  /** The log has been read; so many jobs are made of it now. */
  readonly onLaying: (jobs: number) => void;
  /** Jobs in the table so far. */
  readonly onJobs: (jobs: number) => void;
  /** The jobs are there; keys and indexes follow. */
  readonly onIndexing: () => void;
}

export interface Imported {
  /** The ids of the jobs, ascending. All of them are finished, and hold nothing any more. */
  readonly ids: Float64Array;
  /** How often the log was laid out, in part or whole. */
  readonly repetitions: number;
  readonly log: Pick<StagedLog, 'firstSubmitSeconds' | 'lastEndSeconds'>;
}

/**
 * Makes the cluster's tables and fills them from a log, which has at least one record. `rows` is how many jobs to make:
 * the log's first ones, or the log repeated. Without it every record becomes one job.
 */
export async function importLog(
  database: ClusterDatabase,
  records: AsyncIterable<readonly SwfRecord[]>,
  rows: number | undefined,
  progress: ImportProgress,
): Promise<Imported> {
  const log = await stageLog(records, rows ?? Number.POSITIVE_INFINITY);
  const jobs = rows ?? log.jobs;
  progress.onLaying(jobs);
  await database.createTables();
  const endsAt = (await database.now()) - LAST_END_SECONDS_AGO * MICROS_PER_SECOND;
  const ids = new Float64Array(jobs);
  let done = 0;
  for (const chunk of layOut(log, jobs, endsAt, CHUNK_JOBS)) {
    await database.insert(chunk);
    ids.set(
      chunk.jobs.map(({ id }) => id),
      done,
    );
    done += chunk.jobs.length;
    progress.onJobs(done);
  }
  progress.onIndexing();
  await database.createIndexes();
  await database.analyze();
  return { ids: ids.sort(), repetitions: Math.ceil(jobs / log.jobs), log };
}
