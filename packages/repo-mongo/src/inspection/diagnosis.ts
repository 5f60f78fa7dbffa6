import {
  checkedAtMost,
  countOrphans,
  type InspectOptions,
  type StoreDiagnosis,
  type Tx,
  throwIfAborted,
  unknownStates,
} from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { MongoTx } from '../driver/mongo-tx.js';
import type { MongoCleanupRepository } from '../mongo-cleanup-repository.js';
import type { OpenSession } from '../session/open-session.js';
import type { Transactions } from '../session/transactions.js';
import { costOf } from './cost.js';
import { createIndex } from './create-index.js';
import { indexAdvice } from './indexes.js';
import { grantScript, missingPrivileges } from './privileges.js';
import { valuesOf } from './values-of.js';

/** What `jobsweep doctor` asks of MongoDB. */
export function diagnosis(
  context: MongoContext,
  transactions: Transactions,
  repository: MongoCleanupRepository,
): StoreDiagnosis {
  const { mapping, sessions } = context;
  const lookUntil =
    ({ signal }: InspectOptions = {}) =>
    <Answer>(question: (session: OpenSession) => Promise<Answer>): Promise<Answer> =>
      transactions.run(async (session) => question(await sessions.open(session, 'read')), { readOnly: true, signal });
  const askOf =
    (options: InspectOptions | undefined) =>
    <Answer>(question: (tx: Tx) => Promise<Answer>): Promise<Answer> =>
      lookUntil(options)((session) => question(new MongoTx(session, mapping.collections, null, session.now)));
  return {
    unknownStates: (options = {}) =>
      unknownStates(repository.context, options, {
        values: async (asked) => ({
          counted: await lookUntil(options)((session) => valuesOf(session, mapping.collections, asked)),
          members: [],
        }),
        ask: askOf(options),
      }),
    indexes: async (strategies, { signal } = {}) => indexAdvice(context, strategies, signal),
    createIndex: (advice, { signal } = {}) => createIndex(context, advice, signal),
    async cost(rule, options) {
      const now = await lookUntil(options)(async (open) => open.now);
      return costOf(context, repository, rule, now, options?.signal);
    },
    // MongoDB has no foreign keys.
    async references({ signal } = {}) {
      throwIfAborted(signal);
      return null;
    },
    orphans: async (options) => countOrphans(repository.context, checkedAtMost(options?.atMost), askOf(options)),
    missingPrivileges: async (options) => missingPrivileges(context, options),
    async grants(user, options) {
      throwIfAborted(options.signal);
      await context.opened();
      return grantScript(context, user, options);
    },
  };
}
