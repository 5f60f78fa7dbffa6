import {
  type Catalog,
  insteadOf,
  linksIn,
  type Need,
  type ReadCost,
  type RunTransaction,
  schemaFinding,
  type Table,
  throwIfAborted,
} from '@jobsweep/core';
import type { Ask, ServerCatalog } from '../catalog.js';
import type { SqlContext } from '../context.js';
import type { Sql } from '../driver/sql.js';
import { Lease } from '../lease.js';
import { RealNames } from './real-names.js';
import { jobReferences } from './references.js';
import { missingPrivilege, rightsOf } from './rights.js';
import { serverInfo } from './server.js';
import { describeTables, tablesThere } from './survey.js';

/** What an inspection goes by. */
export interface CatalogParts<Session extends object> {
  readonly context: SqlContext<Session>;
  readonly transaction: RunTransaction<Session>;
  readonly lockTimeoutSeconds: number;
}

/** What a SQL database tells of itself and its tables. */
export function sqlCatalog<Session extends object>(
  { context, transaction, lockTimeoutSeconds }: CatalogParts<Session>,
  signal: AbortSignal | undefined,
): Catalog {
  const { library, dialect, driver, sessions, mapping } = context;
  const { catalog } = dialect;
  const { types } = catalog;
  const names = new RealNames(library);
  const ask: Ask = (question, { readOnly } = { readOnly: true }) =>
    transaction((session) => question(sessions.open(session)), { readOnly, signal });
  const rightsFor = (needs: readonly Need[]) =>
    ask(async ({ run }) => {
      const kept = new Map<Table, readonly string[]>();
      for (const { table } of needs) kept.set(table, await driver.selfChanging(run, table));
      return rightsOf(catalog, needs, (table) => kept.get(table) ?? []);
    });
  return {
    holder: 'table',
    hasPartialIndexes: catalog.hasPartialIndexes,
    maxNameBytes: catalog.maxNameBytes,
    server: () => serverInfo(dialect, ask),
    async table(table, columns) {
      const facts = await catalog.table(
        ask,
        names.ofTable(table),
        columns.map((column) => names.of(column)),
      );
      return facts && names.asMapped(facts, columns);
    },
    shape: async (table) => (await ask(({ run }) => driver.shapes(run, table)))[0] ?? [],
    names: async ({ schema }) => (await ask(({ run }) => run(catalog.names(schema)))).map(({ name }) => name ?? ''),
    typeHolds(type, kind) {
      if (types.of[kind].includes(type)) return true;
      return [...Object.values(types.of).flat(), ...types.others].includes(type) ? false : undefined;
    },
    typeIsInexact: (type) => types.inexact.includes(type),
    async findings() {
      const writers = await catalog.writers(ask);
      return writers === undefined ? [] : [schemaFinding('multiWriter', { kind: 'writers', ...writers })];
    },
    tables: () => tablesThere(ask, catalog),
    describe: (tables) => describeTables(ask, catalog, tables),
    values: (asked) => ask(({ run }) => driver.valuesOf(run, asked)),
    indexStatement: (index, ...of) => ask((session) => catalog.indexStatement(session, index, ...of)),
    async createIndex(index) {
      // It may take as long as it takes, until somebody has enough of it.
      const lease = new Lease(library, dialect, { limitSeconds: Number.POSITIVE_INFINITY, signal });
      try {
        await lease.outside(async (session) => {
          await dialect.meet(session);
          lease.limits = dialect.wire.serverId === undefined ? {} : { serverId: await dialect.wire.serverId(session) };
          await catalog.makeIndex(session, index, { lockTimeoutSeconds, signal });
        });
      } catch (error) {
        throwIfAborted(signal);
        throw dialect.errors.translate(error);
      } finally {
        await lease.release();
      }
    },
    explain: (look) =>
      ask(async (session) => {
        let cost: ReadCost = { durationMs: 0, rowsExamined: null, plan: '' };
        // In place of its rows, so that it is the very query that a pass sends.
        const run = async (query: Sql) => {
          cost = await catalog.explain(session, query);
          return [];
        };
        await look(driver.tx({ run, change: session.change }, await sessions.clock(session)));
        return cost;
      }),
    ...(catalog.partitions && { partitions: partitionsOf(catalog.partitions, ask, driver, names) }),
    snapshots: () =>
      ask(({ run }) => run(catalog.snapshots)).then(
        (rows) =>
          rows.map(({ holder, seconds = null }) => ({
            holder: holder ?? '',
            ageSeconds: seconds === null ? null : Number(seconds),
          })),
        insteadOf('PERMISSION_DENIED', null),
      ),
    references: () => ask((session) => jobReferences(session, catalog, mapping)),
    async missingPrivileges(needs) {
      const rights = await rightsFor(needs);
      return (await catalog.missing(ask, rights)).flatMap((each) => missingPrivilege(each, rights));
    },
    async grants(user, needs) {
      const rights = await rightsFor(needs);
      return ask((session) => catalog.grants(session, user, rights));
    },
  };
}

/** See `Catalog.partitions`. */
function partitionsOf<Session extends object>(
  partitions: NonNullable<ServerCatalog['partitions']>,
  ask: Ask,
  driver: SqlContext<Session>['driver'],
  names: RealNames,
): NonNullable<Catalog['partitions']> {
  return {
    of: (table, limit) => ask((session) => partitions.of(session, names.ofTable(table), limit)),
    dropping: (table, partition, stays) =>
      ask((session) => {
        const tables = linksIn(stays)
          .flatMap(({ exists: { to } }) => [to, ...(to.borrowed === undefined ? [] : [to.borrowed.from])])
          .map((table) => names.ofTable(table));
        const kept = { ...driver.conditionOn(partition, stays), tables };
        return partitions.dropping(session, names.ofTable(table), partition, kept);
      }),
  };
}
