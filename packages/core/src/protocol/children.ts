import { EVERY, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Context } from './context.js';
import { makeWay, type Uncleared } from './dependents.js';
import { writeGone } from './gone.js';
import { isOwn, labelled, ownLabels, PAGE_AND_ONE, PAGE_ROWS } from './related.js';

/** What a job still has. */
type Verdict = 'mayGo' | 'holding' | 'contended' | 'left';

/** The allocations of jobs that are to be deleted, locked: as many as one statement takes, those of one job together. */
export class Children {
  private readonly verdicts = new Map<string, Verdict>();
  private released: readonly Row[] = [];
  /** The job of which only a part of what it has goes. */
  private part: string | undefined;

  private constructor(
    private readonly tx: Tx,
    private readonly context: Context,
  ) {}

  /** Locks what jobs have, and finds out what that means for each of them. */
  static async lock(tx: Tx, context: Context, jobs: readonly Row[]): Promise<Children> {
    const children = new Children(tx, context);
    for (const { key } of jobs) children.verdicts.set(keyText(key), 'mayGo');
    if (context.mapped.hasAllocations && jobs.length > 0) await children.look(jobs.map(({ key }) => key));
    return children;
  }

  /** Whether all that the job has is released, and goes with it. */
  mayGo(job: Row): boolean {
    return this.is(job, 'mayGo');
  }

  /** The same, or a part of it. */
  goes(job: Row): boolean {
    return this.mayGo(job) || keyText(job.key) === this.part;
  }

  /** Whether the job stays, with all that it has: it holds an allocation that is not RELEASED. */
  isHolding(job: Row): boolean {
    return this.is(job, 'holding');
  }

  /** Whether others hold an allocation of the job, or have just made one. */
  isContended(job: Row): boolean {
    return this.is(job, 'contended');
  }

  /** Whether the job has to wait for the next look, since the others have as much as one statement takes. */
  isLeft(job: Row): boolean {
    return this.is(job, 'left');
  }

  /** Lets jobs wait, with all that they have, on which something else still hangs. */
  spare(uncleared: Uncleared): void {
    if (uncleared.size === 0) return;
    for (const [job, reason] of uncleared) this.verdicts.set(job, reason);
    if (this.part !== undefined && uncleared.has(this.part)) this.part = undefined;
    this.released = this.released.filter((row) => !uncleared.has(keyText(this.context.rows.jobKeyOf(row))));
  }

  /** Deletes the allocations that go with their job, and some of those of a job that has more than one statement takes. */
  async remove(): Promise<void> {
    if (this.released.length === 0) return;
    const { mapped, rules } = this.context;
    const { rows: table } = mapped.allocations;
    const keys = this.released.map(({ key }) => key);
    await makeWay(this.tx, mapped, table, [], keys);
    const gone = await writeGone(this.tx, mapped, table, this.released, rules.goesWithJob());
    if (gone.length > 0) return;
    // Something keeps all of them, so another look would find the same.
    for (const [job, verdict] of this.verdicts) if (verdict === 'left') this.verdicts.set(job, 'contended');
  }

  private async look(parents: readonly Key[]): Promise<void> {
    const { context, tx } = this;
    const { ofJob: link, rows: table } = context.mapped.allocations;
    const selection = {
      columns: context.rows.allocationVersion,
      labels: labelled(context.rows.allocationLabels, ownLabels(table)),
    };
    const { rows, held } = await tx.lockRelated({
      link,
      parents,
      where: EVERY,
      order: 'parent',
      ...selection,
      limit: PAGE_AND_ONE,
    });
    const ofJob = this.byJob(rows);
    const last = rows.length > PAGE_ROWS ? [...ofJob.keys()].at(-1) : undefined;
    if (last !== undefined) this.leaveOthers(ofJob, last);
    for (const key of held) this.verdicts.set(keyText(key), 'contended');
    for (const [job, allocations] of ofJob) if (!allocations.every(this.isReleased)) this.verdicts.set(job, 'holding');

    const known = parents.filter((key) => this.verdicts.get(keyText(key)) === 'mayGo');
    for (const job of await this.unseen(known, ofJob)) this.verdicts.set(job, 'contended');
    this.released = [...ofJob].flatMap(([job, allocations]) => (this.verdicts.get(job) === 'mayGo' ? allocations : []));
    if (ofJob.size === 1 && last !== undefined) await this.takePart(last, rows);
  }

  private byJob(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
    const ofJob = new Map<string, Row[]>();
    for (const row of rows) {
      const job = keyText(this.context.rows.jobKeyOf(row));
      const together = ofJob.get(job);
      if (together === undefined) ofJob.set(job, [row]);
      else together.push(row);
    }
    return ofJob;
  }

  /** The page ends in the middle of what the last job has, and says nothing about jobs that are not in it. */
  private leaveOthers(ofJob: ReadonlyMap<string, unknown>, last: string): void {
    for (const job of this.verdicts.keys()) if (job === last || !ofJob.has(job)) this.verdicts.set(job, 'left');
  }

  /** One job fills the whole page: what the page shows of it goes, if the job can go at all. */
  private async takePart(job: string, rows: readonly Row[]): Promise<void> {
    const { mapped, rules } = this.context;
    const { ofJob: link } = mapped.allocations;
    if (this.verdicts.get(job) !== 'left' || rows[0] === undefined) return;
    const keepers = await this.tx.countRelated(link, [this.context.rows.jobKeyOf(rows[0])], not(rules.goesWithJob()));
    if (keepers.size > 0) this.verdicts.set(job, 'holding');
    else {
      this.part = job;
      this.released = rows.slice(0, PAGE_ROWS);
    }
  }

  /**
   * The jobs of which not every allocation could be locked. A count in a statement after the lock is what proves it: a row
   * that was skipped, or has just appeared, makes it larger than the number of locked rows.
   */
  private async unseen(jobs: readonly Key[], ofJob: ReadonlyMap<string, readonly Row[]>): Promise<string[]> {
    if (this.tx.abilities.lock === 'atCommit' || jobs.length === 0) return [];
    const counts = await this.tx.countRelated(this.context.mapped.allocations.ofJob, jobs, EVERY);
    return [...counts].filter(([job, count]) => count !== (ofJob.get(job)?.length ?? 0)).map(([job]) => job);
  }

  private readonly isReleased = (row: Row): boolean => this.context.rows.statusOf(row) === 'RELEASED' && isOwn(row);

  private is(job: Row, verdict: Verdict): boolean {
    return this.verdicts.get(keyText(job.key)) === verdict;
  }
}
