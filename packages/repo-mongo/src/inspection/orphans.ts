import { allOf, EVERY, keyText, not, type Row, throwIfAborted } from '@jobsweep/core';
import { MongoTx } from '../driver/mongo-tx.js';
import type { Mapping } from '../mapping/mapping.js';
import type { OpenSession } from '../session/open-session.js';

/** Allocations that are looked at in one transaction. */
const PAGE_ROWS = 5000;

/** How commands reach the server: each page in a transaction of its own, since all of them may take long. */
export type Look = <Answer>(question: (session: OpenSession) => Promise<Answer>) => Promise<Answer>;

/** Counts allocations whose job does not exist, or that name none, and that are not released, page by page. */
export async function countOrphans(
  { collections, mapped, rules }: Mapping,
  look: Look,
  atMost: number,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  if (!mapped.hasAllocations) return null;
  const { rows: table, columns } = mapped.allocations;
  const where = allOf(not(rules.isReleased()), table.own ?? EVERY);
  let orphans = 0;
  let last: Row | undefined;
  do {
    throwIfAborted(signal);
    const after = last && { key: last.key };
    const page = await look(async (session) => {
      const tx = new MongoTx(session, collections, null, session.now);
      const rows = await tx.page({ table, where, columns: [columns.jobId], after, limit: PAGE_ROWS });
      const jobOf = (row: Row) => [row.columns[columns.jobId] ?? null];
      const named = new Map(rows.map((row) => [keyText(jobOf(row)), jobOf(row)]));
      const jobs = await tx.lock(mapped.jobs.rows, [...named.values()], { columns: [] }, EVERY);
      const there = new Set(jobs.rows.map(({ key }) => keyText(key)));
      return { rows, orphans: rows.filter((row) => !there.has(keyText(jobOf(row)))).length };
    });
    orphans += page.orphans;
    last = page.rows.length === PAGE_ROWS ? page.rows.at(-1) : undefined;
  } while (last !== undefined && orphans < atMost);
  return Math.min(orphans, atMost);
}
