/**
 * Where rows are kept that `old_job_cleanup` deletes, each table's in one of the same shape in the same database.
 *
 * @example
 * const archive: ArchiveOption = { schema: 'old', tables: { jobs: 'finished_jobs' } };
 */
export interface ArchiveOption {
  /** The database schema (PostgreSQL) or database (MySQL) of the archive's tables. Default: that of each table. */
  readonly schema?: string;
  /** The names of the archive's tables, by those of the tables. Default: each table's name with `_archive` behind it. */
  readonly tables?: { readonly [table: string]: string };
}
