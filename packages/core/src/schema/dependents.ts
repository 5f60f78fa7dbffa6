import type { ExistsOption } from './conditions.js';

/** Rows that go before the row they hang on, as each log of a job goes before it. */
export interface DependentOption {
  /** The database schema (PostgreSQL) or database (MySQL) of the table. Default: the connection's own. */
  readonly schema?: string;
  readonly table: string;
  /** The columns of the table's own key. Default: `id`. */
  readonly id?: string | readonly string[];
  /** The columns that hold the key of the row they hang on, in its order. */
  readonly key: string | readonly string[];
  /** What hangs on these rows in turn. Default: nothing. */
  readonly dependents?: readonly DependentOption[];
}

/**
 * Tables whose rows hang on a job, with or without a foreign key: 20 at most.
 *
 * @example
 * const dependents: DependentsOption = {
 *   delete: [{ table: 'logs', key: 'job_id', dependents: [{ table: 'log_lines', id: ['log_id', 'line'], key: 'log_id' }] }],
 *   keep: [{ table: 'annotations', key: 'job_id' }],
 * };
 */
export interface DependentsOption {
  /** Rows that are deleted before their job: all of them, or the job stays. Default: none. */
  readonly delete?: readonly DependentOption[];
  /** A job with such a row is not deleted. Default: none. */
  readonly keep?: readonly ExistsOption[];
}
