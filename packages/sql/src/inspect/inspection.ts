import type { StoreInspection } from '@jobsweep/core';
import type { SqlContext } from '../context.js';
import type { Transactions } from '../transactions.js';
import { checkedAtMost } from './at-most.js';
import { type DiagnosisSettings, diagnosis } from './diagnosis.js';
import type { Look } from './look.js';
import { schemaFindings } from './schema.js';
import { serverInfo } from './server.js';
import { totalsOf } from './totals.js';

/** Looks at the tables of a store, in read-only transactions of its own. */
export function inspection<Session extends object>(
  context: SqlContext<Session>,
  transactions: Transactions<Session>,
  settings: DiagnosisSettings,
): StoreInspection {
  const { tables, sessions } = context;
  const lookUntil =
    (signal: AbortSignal | undefined): Look =>
    (work) =>
      transactions.run((session) => work(sessions.open(session)), { readOnly: true, signal });
  return {
    schema: ({ signal } = {}) => schemaFindings(tables, lookUntil(signal)),
    totals: async (rule, { signal, atMost, holding = false } = {}) =>
      totalsOf(tables, lookUntil(signal), rule, { atMost: checkedAtMost(atMost), holding }),
    server: ({ signal } = {}) => serverInfo(tables.dialect, lookUntil(signal)),
    diagnosis: diagnosis(context, transactions, settings),
  };
}
