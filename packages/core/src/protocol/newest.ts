import type { Tx } from '../driver/driver.js';
import { type Exact, type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Newest } from '../rules/newest.js';
import type { Context } from './context.js';
import { PAGE_ROWS } from './related.js';
import { fence } from './write.js';

/** What may go of some locked jobs. Those that are in none of these are among the newest, which stay. */
export interface BeyondNewest {
  readonly due: readonly Row[];
  /** Others hold one of the newest of their group, so that nobody knows whether it stays. */
  readonly contended: readonly Row[];
  /** Those of groups that were not looked at yet. */
  readonly rest: readonly Row[];
}

/** Groups of a transaction: each costs two small statements. */
const GROUPS = 50;

/** Jobs of which the newest stay. */
interface Group {
  readonly value: Exact;
  readonly rows: Row[];
}

/**
 * Tells which of some locked jobs are not among the newest of their group, which are locked as well and stay until the
 * transaction ends: whoever wants to change or delete one of these waits. A later statement proves that the locked ones are
 * the newest still.
 */
export async function beyondNewest(
  tx: Tx,
  context: Context,
  newest: Newest,
  jobs: readonly Row[],
): Promise<BeyondNewest> {
  const groups = groupsOf(newest, jobs);
  const looked = groups.slice(0, Math.max(1, Math.min(GROUPS, Math.floor(PAGE_ROWS / newest.count))));
  const before = await newestOf(tx, context, newest, looked);
  const isLocked = await lockAll(tx, context, newest, before.flat());
  const now = tx.abilities.lock === 'beforehand' ? await newestOf(tx, context, newest, looked) : before;
  const due: Row[] = [];
  const contended: Row[] = [];
  for (const [index, { rows }] of looked.entries()) {
    const keep = now[index] ?? [];
    const kept = new Set(keep.map(({ key }) => keyText(key)));
    if (keep.length < newest.count) continue;
    const others = rows.filter(({ key }) => !kept.has(keyText(key)));
    if (keep.every(({ key }) => isLocked(key))) due.push(...others);
    else contended.push(...others);
  }
  return { due, contended, rest: groups.slice(looked.length).flatMap(({ rows }) => rows) };
}

function groupsOf({ column }: Newest, jobs: readonly Row[]): readonly Group[] {
  const groups = new Map<Exact, Group>();
  for (const job of jobs) {
    const value = column === null ? null : (job.columns[column] ?? null);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, { value, rows: [job] });
    else group.rows.push(job);
  }
  return [...groups.values()];
}

/** The newest jobs of each group, in one small statement a group. */
async function newestOf(
  tx: Tx,
  { mapped, values }: Context,
  newest: Newest,
  groups: readonly Group[],
): Promise<readonly (readonly Row[])[]> {
  const found: (readonly Row[])[] = [];
  for (const { value } of groups) {
    const where = newest.inGroup(values.rawOf(value));
    const page = { orderBy: newest.time, descending: true, columns: [], limit: newest.count };
    found.push(await tx.page({ table: mapped.jobs.rows, where, ...page }));
  }
  return found;
}

/** Locks jobs that are relied on. Where locks are found at the commit, that is their fence. */
async function lockAll(tx: Tx, context: Context, newest: Newest, rows: readonly Row[]): Promise<(key: Key) => boolean> {
  if (tx.abilities.lock === 'atCommit') {
    await fence(tx, context, rows, newest.stays);
    return () => true;
  }
  const keys = rows.map(({ key }) => key);
  const { mapped } = context;
  const locked =
    keys.length === 0 ? [] : (await tx.lock(mapped.jobs.rows, keys, { columns: [] }, newest.stays, 'share')).rows;
  const texts = new Set(locked.map(({ key }) => keyText(key)));
  return (key) => texts.has(keyText(key));
}
