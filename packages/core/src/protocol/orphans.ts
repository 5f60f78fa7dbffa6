import { EVERY } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Context } from './context.js';
import { writeGone } from './gone.js';
import { eachPage } from './related.js';

/**
 * Where no transaction deletes a job and what it held as one: jobs that are gone, and whose allocations could not be
 * deleted after them, because the connection was lost, say. The next delete begins with these.
 */
export class Orphans {
  private jobs: readonly Key[] = [];

  /** Deletes the allocations that went with jobs: those of these, and those that were left before. */
  async remove(tx: Tx, context: Context, gone: readonly Key[]): Promise<void> {
    const { mapped } = context;
    if (!mapped.hasAllocations) return;
    await this.forgetReturned(tx, context);
    this.jobs = [...this.jobs, ...gone];
    const parents = new Set(this.jobs);
    await removeOf(tx, context, [...parents]);
    this.jobs = this.jobs.filter((key) => !parents.has(key));
  }

  /** Somebody may use the id of a job that is gone anew. */
  private async forgetReturned(tx: Tx, { mapped }: Context): Promise<void> {
    if (this.jobs.length === 0) return;
    const { rows } = await tx.lock(mapped.jobs.rows, this.jobs, { columns: [] }, EVERY);
    const returned = new Set(rows.map(({ key }) => keyText(key)));
    this.jobs = this.jobs.filter((key) => !returned.has(keyText(key)));
  }
}

async function removeOf(tx: Tx, { mapped, rows, rules }: Context, parents: readonly Key[]): Promise<void> {
  const { ofJob: link, rows: table } = mapped.allocations;
  const where = rules.goesWithJob();
  await eachPage(tx, { link, parents, where, columns: rows.allocationVersion }, async (page) => {
    await writeGone(tx, mapped, table, page.rows, where);
  });
}
