import {
  checkedAtMost,
  countOrphans,
  type InspectOptions,
  invalidOption,
  type OwnTableSet,
  type StoreDiagnosis,
  throwIfAborted,
  unknownStates,
} from '@jobsweep/core';
import type { Ask } from '../catalog.js';
import type { SqlContext } from '../context.js';
import { Lease } from '../lease.js';
import type { SqlCleanupRepository } from '../repository.js';
import type { Transactions } from '../transactions.js';
import { costOf } from './cost.js';
import { indexAdvice } from './indexes.js';
import { grantScript, missingPrivileges } from './privileges.js';
import { referencesOf } from './references.js';

/** What the options of the store say besides the tables. */
export interface DiagnosisSettings {
  readonly lockTimeoutSeconds: number;
  /** jobsweep's own tables. */
  readonly ownSet: OwnTableSet;
}

/** What `jobsweep doctor` asks of a SQL database. */
export function diagnosis<Session extends object>(
  context: SqlContext<Session>,
  repository: SqlCleanupRepository<Session>,
  transactions: Transactions<Session>,
  { lockTimeoutSeconds, ownSet }: DiagnosisSettings,
): StoreDiagnosis {
  const { library, tables, sessions, driver } = context;
  const askUntil =
    ({ signal }: InspectOptions = {}): Ask =>
    (question, { readOnly } = { readOnly: true }) =>
      transactions.run((session) => question(sessions.open(session)), { readOnly, signal });
  const { dialect } = tables;
  const { mapped } = repository.context;
  return {
    unknownStates: (options = {}) =>
      unknownStates(repository.context, options, {
        values: ({ table, column, ...asked }) =>
          askUntil(options)(async (session) => ({
            counted: await driver.valuesOf(session.run, { table, column, ...asked }),
            members: await dialect.catalog.enumMembers(session, { ...table, table: table.name }, column),
          })),
        ask: (question) => askUntil(options)((session) => question(driver.tx(session))),
      }),
    indexes: async (strategies, options) => indexAdvice(tables, mapped, askUntil(options), strategies),
    async createIndex({ name, table, statement }, { signal } = {}) {
      throwIfAborted(signal);
      // It may take as long as it takes, until somebody has enough of it.
      const lease = new Lease(library, dialect, { limitSeconds: Number.POSITIVE_INFINITY, signal });
      try {
        await lease.outside(async (session) => {
          lease.limits = dialect.wire.serverId === undefined ? {} : { serverId: await dialect.wire.serverId(session) };
          await dialect.catalog.makeIndex(session, { name, table, statement }, { lockTimeoutSeconds, signal });
        });
      } catch (error) {
        throwIfAborted(signal);
        throw dialect.translate(error, false);
      } finally {
        await lease.release();
      }
    },
    cost: async (rule, options) => costOf(context, repository, askUntil(options), rule),
    references: async (options) => referencesOf(tables, askUntil(options)),
    orphans: async (options) =>
      countOrphans(repository.context, checkedAtMost(options?.atMost), (question) =>
        askUntil(options)((session) => question(driver.tx(session))),
      ),
    missingPrivileges: async (options) => missingPrivileges(tables, mapped, ownSet, askUntil(options), options),
    async grants(user, options) {
      if (typeof user !== 'string' || user === '') throw invalidOption('user', user, 'give the name of a user');
      return grantScript(tables, mapped, ownSet, askUntil(options), user, options);
    },
  };
}
