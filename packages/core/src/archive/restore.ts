import type { Change } from '../changes/changes.js';
import { JobsweepError } from '../errors.js';
import type { GetOptions } from '../repository.js';
import type { CleanupStore } from '../store.js';
import type { CleanupOptions, CleanupResult, CleanupStrategy } from '../strategies/strategy.js';
import type { Archive, ArchivedJob, Restored } from './archive.js';
import { bothOf, NONE_STAYS, type Staying } from './staying.js';

/** Which archived jobs come back. */
export interface RestoreOf {
  /** Only those with these ids. Default: all. */
  readonly jobs?: readonly string[] | undefined;
  /** Only those that this pass has deleted: `pass` of its entry in the history. Default: whichever has. */
  readonly pass?: string | undefined;
}

/** Jobs that a dry run judges at a time. */
const PAGE_ROWS = 1000;

type RestoreStore<Session> = Pick<CleanupStore<Session>, 'archive' | 'changes' | 'transaction'>;

/** An archived job, and what pages of such jobs go on behind. */
interface Found extends ArchivedJob {
  readonly behind?: Pick<Change, 'id'> | number;
}

/**
 * Puts archived jobs back: what a pass is run of, under the claim of `old_job_cleanup`. `settled` is its `onBatch`.
 *
 * @example
 * const restore = new Restore(store, { jobs: ['17'] });
 * const { itemsCleaned } = await runPass(store, restore, { claim, onBatch: restore.settled });
 * console.log(itemsCleaned, restore.staying);
 */
export class Restore<Session> implements CleanupStrategy<Session, ArchivedJob> {
  readonly name = 'old_job_cleanup';
  readonly description = 'Puts deleted jobs back out of the archive';
  readonly metadata = { priority: 1, dependsOn: [], tags: [], timeoutSeconds: 86_400, enabledByDefault: false };
  readonly intervalSeconds = 86_400;
  readonly enabled = false;
  readonly hasCheck = false;
  private readonly archive: Archive<Session>;
  private rows = NONE_STAYS;
  private uncommitted: Restored | undefined;

  /** Throws `UNSUPPORTED_SCHEMA` where deleted rows are not kept. */
  constructor(
    private readonly store: RestoreStore<Session>,
    private readonly of: RestoreOf = {},
  ) {
    const { archive } = store;
    if (archive === undefined)
      throw new JobsweepError('UNSUPPORTED_SCHEMA', 'Deleted rows are not kept. Set schema.archive to keep them.');
    this.archive = archive;
  }

  /** For what jobs stay in the archive, by what was committed so far. */
  get staying(): Staying {
    return this.rows;
  }

  async find(session: Session, page: GetOptions<ArchivedJob>): Promise<ArchivedJob[]> {
    const { jobs, pass } = this.of;
    if (pass !== undefined) return this.ofPass(session, pass, page);
    return jobs === undefined ? this.archive.getJobs(session, page) : this.withIds(session, [...new Set(jobs)], page);
  }

  async before(): Promise<boolean> {
    return true;
  }

  async cleanup(
    session: Session,
    { rows, ...page }: CleanupOptions<ArchivedJob> = {},
  ): Promise<CleanupResult<ArchivedJob>> {
    this.uncommitted = undefined;
    const found = rows ?? (await this.find(session, page));
    const outcome = await this.archive.restore(session, found);
    this.uncommitted = outcome;
    const { restored, contended } = outcome;
    return { itemsCleaned: restored.length, found, changed: restored, contended };
  }

  /** To be called after each commit. */
  readonly settled = (): void => {
    if (this.uncommitted !== undefined) this.rows = bothOf(this.rows, this.uncommitted.staying);
    this.uncommitted = undefined;
  };

  describe({ id, name }: ArchivedJob): string {
    return `${id} ${name}`;
  }

  announce(): void {}

  after(): void {}

  private async withIds(
    session: Session,
    ids: readonly string[],
    { after, limit = PAGE_ROWS }: GetOptions<Found>,
  ): Promise<Found[]> {
    const found: Found[] = [];
    const behind = (after as Found | undefined)?.behind;
    for (let start = typeof behind === 'number' ? behind : 0; start < ids.length && found.length < limit; ) {
      const end = start + limit - found.length;
      const jobs = await this.archive.findJobs(session, ids.slice(start, end));
      found.push(...jobs.map((job) => ({ ...job, behind: end })));
      start = end;
    }
    return found;
  }

  /** What a pass has deleted and is not in the archive any more is passed over. */
  private async ofPass(
    session: Session,
    pass: string,
    { after, limit = PAGE_ROWS, signal }: GetOptions<Found>,
  ): Promise<Found[]> {
    const found: Found[] = [];
    const of = { pass, jobs: this.of.jobs };
    let behind = (after as Found | undefined)?.behind as Pick<Change, 'id'> | undefined;
    while (found.length < limit) {
      const wanted = limit - found.length;
      const page = { after: behind, limit: wanted, signal } as GetOptions<Change>;
      const deleted = await this.store.changes.getDeletedJobs(session, of, page);
      const last = deleted.at(-1);
      if (last === undefined) break;
      behind = { id: last.id };
      const ids = deleted.flatMap(({ jobId }) => jobId ?? []);
      const jobs = await this.archive.findJobs(session, ids);
      found.push(...jobs.map((job) => ({ ...job, behind: { id: last.id } })));
      if (deleted.length < wanted) break;
    }
    return found;
  }
}

/** What would come back, and what would stay. */
export interface RestorePlan {
  readonly restored: number;
  readonly staying: Staying;
}

/** Looks at all jobs that would come back now, a page at a time, and writes nothing. */
export async function planRestore<Session>(
  store: RestoreStore<Session>,
  of: RestoreOf,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<RestorePlan> {
  const restore = new Restore(store, of);
  let plan: RestorePlan = { restored: 0, staying: NONE_STAYS };
  let after: ArchivedJob | undefined;
  do {
    const page = { limit: PAGE_ROWS, after, signal };
    const look = async (session: Session) => {
      const found = await restore.find(session, page);
      return { found, outcome: await store.archive?.restore(session, found, { dryRun: true }) };
    };
    const { found, outcome } = await store.transaction(look, { readOnly: true, signal });
    plan = {
      restored: plan.restored + (outcome?.restored.length ?? 0),
      staying: bothOf(plan.staying, outcome?.staying ?? NONE_STAYS),
    };
    after = found.length === PAGE_ROWS ? found.at(-1) : undefined;
  } while (after !== undefined);
  return plan;
}
