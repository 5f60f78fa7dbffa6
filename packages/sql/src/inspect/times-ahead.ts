import { type SchemaFinding, type Table, timesAhead } from '@jobsweep/core';
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
  const { catalog } = tables.dialect;
  return timesAhead(context, findings, (look) =>
    transactions.run(
      async (session) => {
        const known = new Map<Table, ReturnType<typeof catalog.orders>>();
        const ordersOf = (table: Table) =>
          catalog.orders(sessions.open(session), { schema: table.schema, table: table.name });
        return look(await driver.open(session, 'read'), async ({ table, ...wanted }) => {
          const orders = known.get(table) ?? ordersOf(table);
          known.set(table, orders);
          return (await orders)(wanted);
        });
      },
      { readOnly: true, signal },
    ),
  );
}
