import type { RowVersion } from '../model.js';
import type { GetOptions } from '../repository.js';
import type { ArchiveTables } from './archive-tables.js';
import type { Staying } from './staying.js';

/** A job that was deleted and kept. */
export interface ArchivedJob {
  readonly id: string;
  /** Empty where the table holds NULL. */
  readonly name: string;
  /** As it was read. */
  readonly version: RowVersion;
}

/** What became of some archived jobs. */
export interface Restored {
  readonly restored: readonly ArchivedJob[];
  /** For what the others stay in the archive, whole. */
  readonly staying: Staying;
  /** Others hold them: they are for another try. */
  readonly contended: readonly ArchivedJob[];
}

/**
 * What `old_job_cleanup` has deleted and kept, and its way back.
 *
 * @example
 * const restored = await store.transaction(async (session) => {
 *   const jobs = (await store.archive?.getJobs(session, { limit: 100 })) ?? [];
 *   return store.archive?.restore(session, jobs);
 * });
 */
export interface Archive<Session> extends ArchiveTables {
  /** In an open transaction: a page of the archived jobs that the filters let be seen, by their keys. */
  getJobs(session: Session, page: GetOptions<ArchivedJob>): Promise<ArchivedJob[]>;
  /** Those of them that have these ids. */
  findJobs(session: Session, ids: readonly string[]): Promise<ArchivedJob[]>;
  /**
   * In an open transaction: puts jobs back with all that was deleted with them, parents first, and takes them out of the
   * archive. Nothing goes over a row that is there: a job of which any key is taken, its own or that of what hung on it, stays
   * in the archive whole.
   *
   * @param dryRun tells what would become of the jobs, locks nothing and writes nothing.
   */
  restore(session: Session, jobs: readonly ArchivedJob[], options?: { readonly dryRun?: boolean }): Promise<Restored>;
}
