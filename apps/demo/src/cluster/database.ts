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
  /** All jobs by id, at most so many at once. After them come allocations that belong to none, if there are any. */
  holdings(jobsAtOnce: number): AsyncIterable<readonly Holding[]>;
  /** Lets the server look at what the tables hold now, where its plans depend on it. */
  analyze(): Promise<void>;
}

/** A connection of the plain driver, at any point of its life. */
export interface Connection {
  open(): Promise<ClusterDatabase>;
  close(): Promise<void>;
  /** Ends it at once, whatever it waits for. May be repeated. */
  cut(): void;
}

export interface Rows {
  readonly jobs: readonly JobRow[];
  readonly allocations: readonly AllocationRow[];
}

/** What the check needs of a database. */
export type Readable = Pick<ClusterDatabase, 'holdings'>;

const JOBS_AT_ONCE = 5000;

/** Reads every row, by job. `onJobs` hears how many jobs there were so far. */
export async function* readAll(
  database: Readable,
  onJobs: (jobs: number) => void = () => undefined,
): AsyncGenerator<readonly Holding[]> {
  let jobs = 0;
  for await (const page of database.holdings(JOBS_AT_ONCE)) {
    jobs += page.length;
    onJobs(jobs);
    yield page;
  }
}
