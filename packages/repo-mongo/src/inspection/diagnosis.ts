import { checkedAtMost, type InspectOptions, type StoreDiagnosis, throwIfAborted } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { MongoCleanupRepository } from '../mongo-cleanup-repository.js';
import type { Transactions } from '../session/transactions.js';
import { costOf } from './cost.js';
import { createIndex } from './create-index.js';
import { indexAdvice } from './indexes.js';
import { countOrphans, type Look } from './orphans.js';
import { grantScript, missingPrivileges } from './privileges.js';
import { unknownStates } from './unknown-states.js';

/** What `jobsweep doctor` asks of MongoDB. */
export function diagnosis(
  context: MongoContext,
  transactions: Transactions,
  repository: MongoCleanupRepository,
): StoreDiagnosis {
  const { mapping, sessions } = context;
  const lookUntil =
    ({ signal }: InspectOptions = {}): Look =>
    (question) =>
      transactions.run(async (session) => question(await sessions.open(session, 'read')), { readOnly: true, signal });
  return {
    async unknownStates(options) {
      const atMost = checkedAtMost(options?.atMost);
      return lookUntil(options)((session) => unknownStates(session, mapping, atMost));
    },
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
    orphans: async (options) =>
      countOrphans(mapping, lookUntil(options), checkedAtMost(options?.atMost), options?.signal),
    missingPrivileges: async (options) => missingPrivileges(context, options),
    async grants(user, options) {
      throwIfAborted(options.signal);
      await context.opened();
      return grantScript(context, user, options);
    },
  };
}
