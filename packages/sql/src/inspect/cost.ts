import { DEFAULT_BATCH_ROWS, type ReadCost, type Rule, readDue } from '@jobsweep/core';
import type { SqlContext } from '../context.js';
import type { Sql } from '../driver/sql.js';
import type { SqlCleanupRepository } from '../repository.js';
import type { Look } from './look.js';

/** Lets the server explain the query of a rule's first page while it runs it. */
export function costOf<Session extends object>(
  { driver, sessions, tables }: SqlContext<Session>,
  { context }: SqlCleanupRepository<Session>,
  look: Look,
  rule: Rule,
): Promise<ReadCost> {
  return look(async (session) => {
    let cost: ReadCost = { durationMs: 0, rowsExamined: null, plan: '' };
    // In place of its rows, so that it is the very query that a pass sends.
    const explain = async (query: Sql) => {
      cost = await tables.dialect.catalog.explain(session, query);
      return [];
    };
    await readDue(driver.tx({ ...session, run: explain }, await sessions.clock(session)), context, rule, {
      limit: DEFAULT_BATCH_ROWS,
    });
    return cost;
  });
}
