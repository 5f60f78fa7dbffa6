import type { StoreInspection } from '@jobsweep/core';
import type { SqlContext } from '../context.js';
import type { SqlCleanupRepository } from '../repository.js';
import type { Transactions } from '../transactions.js';
import { type DiagnosisSettings, diagnosis } from './diagnosis.js';
import type { Look } from './look.js';
import { schemaFindings } from './schema.js';
import { serverInfo } from './server.js';
import { aheadFindings } from './times-ahead.js';

/** Looks at the tables of a store, in read-only transactions of its own. */
export function inspection<Session extends object>(
  context: SqlContext<Session>,
  repository: SqlCleanupRepository<Session>,
  transactions: Transactions<Session>,
  settings: DiagnosisSettings,
): StoreInspection {
  const { tables, sessions } = context;
  const lookUntil =
    (signal: AbortSignal | undefined): Look =>
    (work) =>
      transactions.run((session) => work(sessions.open(session)), { readOnly: true, signal });
  return {
    async schema({ signal } = {}) {
      const findings = await schemaFindings(tables, lookUntil(signal));
      return [...findings, ...(await aheadFindings(context, repository, transactions, findings, signal))];
    },
    totals: (rule, options = {}) => {
      const { signal } = options;
      return transactions.run((session) => repository.totals(session, rule, options), { readOnly: true, signal });
    },
    server: ({ signal } = {}) => serverInfo(tables.dialect, lookUntil(signal)),
    diagnosis: diagnosis(context, repository, transactions, settings),
  };
}
