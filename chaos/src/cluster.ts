import type { Counts, Entry } from './judge.js';
import type { Load } from './load.js';
import type { Tables } from './rows.js';

/** A database with the two tables, reached by the raw drivers, as the application has it and as the ledger sees it. */
export interface Cluster {
  /** The adapter that suits it. */
  readonly adapter: string;
  /** By which the application connects. */
  readonly applicationUrl: string;
  /** By which jobsweep connects, as a user of its own. */
  readonly url: string;
  /** What the ledger counts from. */
  readonly opening: Tables;
  /** Begins the application's work: so many workers that start, finish, queue again and release jobs. */
  load(workers: number): Load;
  /** How many rows each rule names now. */
  due(): Promise<Counts>;
  /** The rows that there are now. */
  tables(): Promise<Tables>;
  /** Those that jobsweep has deleted and kept. */
  archived(): Promise<Tables>;
  /** Ends the transactions of clients that are gone, where the server keeps them for a while. */
  forgetClients(): Promise<void>;
  /** All changes since the beginning, in their order. */
  entries(): Promise<readonly Entry[]>;
  /** Rows that jobsweep says it has repaired, by its history. */
  history(): Promise<Counts>;
  close(): Promise<void>;
}
