import type { SwfRecord } from '../swf/record.js';
import { type Database, databaseTime } from './connection.js';
import { layOut } from './layout.js';
import { createIndexes, createTables } from './schema.js';
import { type StagedLog, stageLog } from './staging.js';

/** The last job of the log ended so long before the import. */
const LAST_END_HOURS_AGO = 1;

export interface ImportProgress {
  /** The log has been read; so many jobs are made of it now. */
  readonly onLaying: (jobs: number) => void;
  /** Jobs in the table so far. */
  readonly onJobs: (jobs: number) => void;
  /** The jobs are there; keys and indexes follow. */
  readonly onIndexing: () => void;
}

export interface Imported {
  readonly jobs: number;
  /** How often the log was laid out, in part or whole. */
  readonly repetitions: number;
  readonly staged: StagedLog;
}

/**
 * Makes the cluster's tables and fills them from a log, which has at least one record. `rows` is how many jobs to make:
 * the log's first ones, or the log repeated. Without it every record becomes one job.
 */
export async function importLog(
  database: Database,
  log: AsyncIterable<readonly SwfRecord[]>,
  rows: number | undefined,
  progress: ImportProgress,
): Promise<Imported> {
  await createTables(database);
  const staged = await stageLog(database, log, rows ?? Number.POSITIVE_INFINITY);
  const jobs = rows ?? staged.jobs;
  progress.onLaying(jobs);
  const endsAt = await databaseTime(database, LAST_END_HOURS_AGO);
  await layOut(database, staged, jobs, endsAt, progress.onJobs);
  progress.onIndexing();
  await createIndexes(database);
  return { jobs, repetitions: Math.ceil(jobs / staged.jobs), staged };
}
