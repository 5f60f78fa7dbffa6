import { anyOf, type Condition, EVERY, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import type { Link } from '../driver/table.js';
import { insteadOf } from '../errors.js';
import type { Context } from '../protocol/context.js';
import { oldSeconds } from '../rules/limits.js';
import type { Mapped } from '../rules/mapped.js';
import type { Rule } from '../strategies/rule.js';
import type { Catalog } from './catalog.js';
import type { DuePartition } from './diagnosis.js';

/** Partitions that are asked at most, the oldest first, and those that are named. */
const MOST_ASKED = 50;
const MOST_NAMED = 10;
/** A partition in which nothing stays is read from end to end: a million rows take less than a second. */
const ANSWER_SECONDS = 5;

type Purge = Extract<Rule, { name: 'old_job_cleanup' }>;

/** Asks a question of the tables, in a transaction of its own that only reads and has so much time. */
type Ask = <Answer>(
  question: (tx: Pick<Tx, 'count' | 'now'>) => Promise<Answer>,
  bounds: { readonly timeoutSeconds: number },
) => Promise<Answer>;

/** Jobs that have rows in some mapped table, which would stay behind without them. */
function hangingOn(mapped: Mapped): Condition[] {
  const { key } = mapped.jobs.rows;
  const { between = null, ofJob, via } = mapped.hasAllocations ? mapped.allocations : {};
  const links: Link[] = mapped.dependents.delete.map(({ link }) => link);
  if (ofJob !== undefined) links.push(ofJob);
  // What stands between a job and its allocations hangs on it where it has none, too.
  if (between !== null && via != null)
    links.push({ to: between, on: key.map((column, index) => [column, via.jobId[index] ?? '']), kind: 'children' });
  return [...links.map((link) => ({ exists: link, where: EVERY })), mapped.dependents.keep];
}

/**
 * Partitions of the jobs table in which every row is due, and on whose rows nothing hangs. Looking ends with the first
 * partition that does not answer in time, or that this user may not read.
 */
export async function duePartitions(
  catalog: Catalog,
  { mapped, rules }: Pick<Context, 'mapped' | 'rules'>,
  rule: Purge,
  ask: Ask,
): Promise<DuePartition[]> {
  const { rows: jobs } = mapped.jobs;
  const found: DuePartition[] = [];
  const { partitions } = catalog;
  // What stays for being new is told by rows of other partitions, which nobody would lock.
  if (partitions === undefined || mapped.filters.keepNewest !== null) return found;
  const hanging = hangingOn(mapped);
  for (const name of await partitions.of(jobs, MOST_ASKED)) {
    const table = { ...jobs, ...name };
    const look = ask(
      async (tx) => {
        const stays: Condition = anyOf(not(rules.old(tx.now, oldSeconds(mapped, rule.maxAgeDays))), ...hanging);
        const asked = [
          { table, where: stays, atMost: 1 },
          { table, where: EVERY, atMost: 1 },
        ] as const;
        const [staying, any] = await tx.count(...asked);
        // One without rows is made for those to come.
        return { stays, isDue: staying?.rows === 0 && any?.rows === 1 };
      },
      { timeoutSeconds: ANSWER_SECONDS },
    );
    const answer = await look
      .catch(insteadOf('STATEMENT_TIMEOUT', undefined))
      .catch(insteadOf('PERMISSION_DENIED', undefined));
    if (answer === undefined || found.length === MOST_NAMED) break;
    if (answer.isDue) found.push(await partitions.dropping(jobs, table, answer.stays));
  }
  return found;
}
