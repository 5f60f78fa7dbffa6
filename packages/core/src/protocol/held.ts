import { EVERY, not } from '../driver/condition.js';
import type { RelatedQuery, Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { AllocationWithJob } from '../model.js';
import { horizonOf, LIMIT } from '../rules/limits.js';
import type { Context } from './context.js';
import { allocationRef } from './lock.js';
import { eachPage, isOwn, labelled, ownLabels } from './related.js';

/** What keeps one running job alive, as far as anything does: all of its allocations are locked. */
interface Held {
  /** An allocation that no age makes stale: ALLOCATED, of unknown status, or RESERVED at no time. */
  isAlive: boolean;
  /** The youngest reservation, in microseconds since 1970. */
  youngest: bigint | null;
  rows: number;
  /** Those that are RESERVED or ALLOCATED. */
  readonly unreleased: Row[];
}

/** What running jobs hold, locked: to tell whether a reservation is still stale. */
export class HeldAllocations {
  private readonly ofJob = new Map<string, Held>();
  private readonly given = new Map<string, Row>();
  private contended: ReadonlySet<string> = new Set();

  private constructor(
    private readonly tx: Tx,
    private readonly context: Context,
  ) {}

  /**
   * Locks all that jobs hold. Released allocations are locked too: somebody may be about to reserve one of them again, and
   * that shows only as a lock.
   */
  static async lock(
    tx: Tx,
    context: Context,
    jobs: readonly Row[],
    reservations: readonly AllocationWithJob[],
  ): Promise<HeldAllocations> {
    const held = new HeldAllocations(tx, context);
    const isGiven = new Set(reservations.flatMap((given) => held.keysOf(given)));
    const { mapped, rows, rules } = context;
    const where = tx.abilities.lock === 'atCommit' ? not(rules.isReleased()) : EVERY;
    const related = { link: mapped.allocations.ofJob, parents: jobs.map(({ key }) => key), where };
    const refused = new Set<string>();
    const selection = {
      columns: rows.allocationVersion,
      labels: labelled(rows.allocationLabels, ownLabels(mapped.allocations.rows)),
    };
    await eachPage(tx, { ...related, ...selection }, (page) => {
      for (const row of page.rows) {
        held.note(row);
        if (isGiven.has(keyText(row.key))) held.given.set(keyText(row.key), row);
      }
      for (const key of page.held) refused.add(keyText(key));
    });
    held.contended = new Set([...refused, ...(await held.unseen(related))]);
    return held;
  }

  /** Whether others hold an allocation of the job: nothing is known about it then. */
  isContended(job: Row): boolean {
    return this.contended.has(keyText(job.key));
  }

  /** What the job holds, of what can be released. */
  unreleasedOf(job: Row): readonly Row[] {
    return this.ofJob.get(keyText(job.key))?.unreleased ?? [];
  }

  /** The reservation as it is now, where it is as it was read and its job is still to be failed for it. */
  stale(reservation: AllocationWithJob, job: Row): Row | undefined {
    const held = this.ofJob.get(keyText(job.key));
    const [now, ...more] = this.keysOf(reservation).flatMap((key) => this.given.get(key) ?? []);
    if (held === undefined || now === undefined || more.length > 0 || this.isContended(job)) return undefined;
    const { rows } = this.context;
    if (!isOwn(now) || rows.statusOf(now) !== 'RESERVED' || !rows.sameAllocation(reservation, now)) return undefined;
    const horizon = this.horizonOf(reservation, now, job);
    if (held.isAlive || held.youngest === null || horizon === null) return undefined;
    return held.youngest < horizon ? now : undefined;
  }

  /**
   * The time before which all reservations of the job have to be: that of the job's own limit, or the one that the row was
   * read by. A row made by hand carries none: then another one is stale when it is no younger than the row itself.
   */
  private horizonOf({ version }: AllocationWithJob, now: Row, { labels }: Row): bigint | null {
    const limit = labels?.[LIMIT];
    if (limit != null) return horizonOf(this.tx.now, Number(limit));
    if (version?.horizon != null) return BigInt(version.horizon);
    const own = this.context.rows.effectOf(now);
    return typeof own === 'bigint' ? own + 1n : null;
  }

  private note(row: Row): void {
    const { rows } = this.context;
    const job = keyText(rows.jobKeyOf(row));
    const held = this.ofJob.get(job) ?? { isAlive: false, youngest: null, rows: 0, unreleased: [] };
    this.ofJob.set(job, held);
    held.rows += 1;
    const effect = rows.effectOf(row);
    const status = rows.statusOf(row);
    if (isOwn(row) && status !== undefined && status !== 'RELEASED') held.unreleased.push(row);
    if (effect === 'alive') held.isAlive = true;
    else if (effect !== 'nothing' && (held.youngest === null || effect > held.youngest)) held.youngest = effect;
  }

  /**
   * The jobs of which not every allocation could be locked. A count in a statement after the lock is what proves it: a row
   * that was skipped, or has just appeared, makes it larger than the number of locked rows.
   */
  private async unseen({ link, parents, where }: Pick<RelatedQuery, 'link' | 'parents' | 'where'>): Promise<string[]> {
    if (this.tx.abilities.lock === 'atCommit' || parents.length === 0) return [];
    const counts = await this.tx.countRelated(link, parents, where);
    return [...counts].filter(([job, count]) => count !== (this.ofJob.get(job)?.rows ?? 0)).map(([job]) => job);
  }

  private keysOf(reservation: AllocationWithJob): string[] {
    const { id, exact } = allocationRef(reservation);
    return this.context.values.keysOf(this.context.mapped.allocations.rows, id, exact).map(keyText);
  }
}
