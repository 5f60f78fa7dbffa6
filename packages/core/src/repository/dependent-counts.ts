import { EVERY } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import type { Key } from '../driver/exact.js';
import type { DependentCount } from '../inspection/inspection.js';
import { DEFAULT_BATCH_ROWS } from '../pass/batch-size.js';
import type { Context } from '../protocol/context.js';
import { PAGE_ROWS } from '../protocol/related.js';
import { oldSeconds } from '../rules/limits.js';
import type { Dependent } from '../schema/resolve-dependents.js';
import type { Rule } from '../strategies/rule.js';
import { readOld } from './reads.js';

/**
 * What goes with the jobs that a purge deletes: a look at the first page of them, and at one page of each table, since
 * nobody knows how many rows hang on a job.
 */
export async function dependentCounts(
  tx: Tx,
  context: Context,
  rule: Extract<Rule, { readonly name: 'old_job_cleanup' }>,
): Promise<DependentCount[]> {
  const { mapped, values } = context;
  const { delete: dependents } = mapped.dependents;
  if (dependents.length === 0) return [];
  const limit = DEFAULT_BATCH_ROWS;
  const jobs = await readOld(tx, context, oldSeconds(mapped, rule.maxAgeDays), {
    limit,
    deletableOnly: true,
    details: false,
  });
  const keys = jobs.flatMap(({ id, version }) => values.keysOf(mapped.jobs.rows, id, version?.id));
  return countEach(tx, dependents, { keys, hasMore: jobs.length === limit });
}

/** Rows that were seen, and whether there are more of them. */
interface Seen {
  readonly keys: readonly Key[];
  readonly hasMore: boolean;
}

async function countEach(tx: Tx, dependents: readonly Dependent[], parents: Seen): Promise<DependentCount[]> {
  const counts: DependentCount[] = [];
  for (const { link, dependents: nested } of dependents) {
    const query = {
      link,
      parents: parents.keys,
      where: EVERY,
      order: 'parent',
      columns: [],
      limit: PAGE_ROWS,
    } as const;
    const rows = parents.keys.length === 0 ? [] : await tx.related(query);
    const hasMore = parents.hasMore || rows.length === PAGE_ROWS;
    counts.push({ table: link.to.name, rows: rows.length, hasMore });
    counts.push(...(await countEach(tx, nested, { keys: rows.map(({ key }) => key), hasMore })));
  }
  return counts;
}
