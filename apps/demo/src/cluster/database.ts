import type { AllocationRow, Holding, JobRow } from './rows.js';

/** How the demo reaches the tables of its cluster: by the plain driver, and by nothing of jobsweep. */
export interface ClusterDatabase {
  /** The server's clock: microseconds since 1970. */
  now(): Promise<number>;
  /** Makes the tables, as far as it takes to load them. */
  createTables(): Promise<void>;
  /** Makes the keys and the indexes that jobsweep advises, once the rows are there. */
  createIndexes(): Promise<void>;
  /** Adds rows: thousands at most, so that no statement is long. */
  insert(rows: Rows): Promise<void>;
  /** Writes rows over those with their ids: thousands at most. */
  replace(rows: Rows): Promise<void>;
  /** The jobs with these ids, thousands at most, by id. */
  find(jobIds: readonly number[]): Promise<readonly Holding[]>;
  /** The next `limit` jobs by id, after a job; past the last job, allocations that belong to none. */
  page(after: number, limit: number): Promise<readonly Holding[]>;
  /** Lets the server look at what the tables hold now, where its plans depend on it. */
  analyze(): Promise<void>;
}

export interface Rows {
  readonly jobs: readonly JobRow[];
  readonly allocations: readonly AllocationRow[];
}

/** Before the first id. */
export const FIRST = Number.MIN_SAFE_INTEGER;

const PAGE_JOBS = 5000;

/** All jobs with their allocations, by id, some at a time. `onJobs` hears how many jobs there were so far. */
export async function* holdingsOf(
  database: Pick<ClusterDatabase, 'page'>,
  onJobs: (jobs: number) => void = () => undefined,
): AsyncGenerator<readonly Holding[]> {
  let jobs = 0;
  for (let after = FIRST; ; ) {
    const page = await database.page(after, PAGE_JOBS);
    jobs += page.length;
    onJobs(jobs);
    yield page;
    const last = page.at(-1);
    if (page.length < PAGE_JOBS || last === undefined) return;
    after = last.jobId;
  }
}
