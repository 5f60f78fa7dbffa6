import { allOf, EVERY, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { archived } from '../rules/hanging.js';
import type { Mapped } from '../rules/mapped.js';
import type { Dependent } from '../schema/resolve-dependents.js';
import { writeGone } from './gone.js';
import { itself, PAGE_AND_ONE, PAGE_ROWS } from './related.js';

/**
 * Why rows still have something that hangs on them: `left`: there is more than one statement takes, `contended`: others hold
 * some of it, or have just added to it.
 */
type Reason = 'left' | 'contended';

/** The rows that still have something, by the text of their key. */
export type Uncleared = ReadonlyMap<string, Reason>;

/** Deletes what hangs on locked rows, as much of each table as one statement takes, and says which of the rows have more. */
export async function clearDependents(
  tx: Tx,
  mapped: Pick<Mapped, 'archiveOf'>,
  dependents: readonly Dependent[],
  parents: readonly Key[],
): Promise<Uncleared> {
  const uncleared = new Map<string, Reason>();
  for (const dependent of dependents) {
    const clear = parents.filter((key) => !uncleared.has(keyText(key)));
    for (const [parent, reason] of await clearTable(tx, mapped, dependent, clear)) uncleared.set(parent, reason);
  }
  return uncleared;
}

/**
 * What the archive has of rows with the keys of some that are about to go is how they were deleted before. It makes way, with
 * all that hung on them, before the first copy of what hangs on them now: so what is there without them is of the new ones.
 * Says which of them have more of it than one statement takes.
 */
export async function makeWay(
  tx: Tx,
  mapped: Pick<Mapped, 'archiveOf'>,
  table: Table,
  dependents: readonly Dependent[],
  keys: readonly Key[],
): Promise<Uncleared> {
  const archive = mapped.archiveOf(table);
  if (archive === undefined || keys.length === 0) return new Map();
  const { rows: to, within: where } = archive;
  const query = { link: itself(to), parents: keys, where, columns: to.key, limit: PAGE_AND_ONE } as const;
  const earlier = await tx.related({ ...query, order: 'parent' });
  const hung = archived(mapped, dependents);
  const uncleared = await clearDependents(
    tx,
    NOT_ARCHIVED,
    hung,
    earlier.map(({ key }) => key),
  );
  const due = earlier.filter(({ key }) => !uncleared.has(keyText(key)));
  if (due.length > 0) await tx.remove(to, due, where);
  return uncleared;
}

/** What makes way is kept nowhere. */
const NOT_ARCHIVED: Pick<Mapped, 'archiveOf'> = { archiveOf: () => undefined };

async function clearTable(
  tx: Tx,
  mapped: Pick<Mapped, 'archiveOf'>,
  { link, dependents }: Dependent,
  parents: readonly Key[],
): Promise<Uncleared> {
  const uncleared = new Map<string, Reason>();
  if (parents.length === 0) return uncleared;
  const columns = link.on.map(([, column]) => column);
  const parentOf = (row: Row) => keyText(columns.map((column) => row.columns[column] ?? null));
  const query = { link, parents, where: EVERY, order: 'parent', columns, limit: PAGE_AND_ONE } as const;
  const { rows, held } = await tx.lockRelated(query);
  if (rows.length > PAGE_ROWS) {
    // The page ends in the middle of what the last one has, and says nothing about those that are not in it.
    const complete = new Set(rows.map(parentOf));
    complete.delete(parentOf(rows[PAGE_ROWS] as Row));
    for (const parent of parents.map(keyText)) if (!complete.has(parent)) uncleared.set(parent, 'left');
  }
  for (const key of held) uncleared.set(keyText(key), 'contended');

  // A column that is compared as its collation has it finds rows that name another one, to the letter.
  const asked = new Set(parents.map(keyText));
  const page = rows.slice(0, PAGE_ROWS).filter((row) => asked.has(parentOf(row)));
  const keys = page.map(({ key }) => key);
  const waiting = await makeWay(tx, mapped, link.to, dependents, keys);
  const ready = keys.filter((key) => !waiting.has(keyText(key)));
  const nested = new Map([...waiting, ...(await clearDependents(tx, mapped, dependents, ready))]);
  const due = page.filter(({ key }) => !nested.has(keyText(key)));
  for (const row of page) {
    const reason = nested.get(keyText(row.key));
    if (reason !== undefined) uncleared.set(parentOf(row), reason);
  }
  // What somebody has just added to them keeps them.
  const guard = allOf(...dependents.map((each) => not({ exists: each.link, where: EVERY })));
  const gone = await writeGone(tx, mapped, link.to, due, guard);
  // Something keeps all of them, so another look would find the same.
  const isStuck = gone.length === 0 && ![...nested.values()].includes('left');
  if (isStuck) for (const row of rows) if (asked.has(parentOf(row))) uncleared.set(parentOf(row), 'contended');

  const clear = parents.filter((key) => !uncleared.has(keyText(key)));
  for (const parent of await unseen(tx, link, clear)) {
    // Counted as the column compares, which may be for another one to the letter: then nobody knows for which.
    for (const key of asked.has(parent) ? [parent] : clear.map(keyText)) uncleared.set(key, 'contended');
  }
  return uncleared;
}

/** The rows on which something hangs that was skipped, or has just appeared: a count in a statement after the lock tells. */
async function unseen(tx: Tx, link: Dependent['link'], parents: readonly Key[]): Promise<Iterable<string>> {
  if (tx.abilities.lock === 'atCommit' || parents.length === 0) return [];
  return (await tx.countRelated(link, parents, EVERY)).keys();
}
