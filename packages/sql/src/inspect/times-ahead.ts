import { type SchemaFinding, timesAhead } from '@jobsweep/core';
import type { SqlContext } from '../context.js';
import type { SqlCleanupRepository } from '../repository.js';
import type { Transactions } from '../transactions.js';

/** Times ahead of the database's clock, of those that an index has in order. */
export function aheadFindings<Session extends object>(
  { sessions, tables }: SqlContext<Session>,
  { driver, context }: SqlCleanupRepository<Session>,
  transactions: Transactions<Session>,
  findings: readonly SchemaFinding[],
  signal: AbortSignal | undefined,
): Promise<SchemaFinding[]> {
  return timesAhead(context, findings, (look) =>
    transactions.run(
      async (session) =>
        look(await driver.open(session, 'read'), async ({ table: { schema, name: table }, only, order }) => {
          const wanted = { name: '', table: { schema, table }, only, order, strategies: [] };
          return (await tables.dialect.catalog.index(sessions.open(session), wanted)).servedBy !== null;
        }),
      { readOnly: true, signal },
    ),
  );
}
