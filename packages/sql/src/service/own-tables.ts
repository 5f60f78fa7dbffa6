import {
  isJobsweepError,
  JobsweepError,
  nameOf,
  OWN_TABLE_NAMES,
  OWN_TABLES,
  type OwnTableName,
  type OwnTableSet,
  type OwnTableState,
  type OwnTables,
  type RunTransaction,
  throwIfAborted,
} from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import { quotedName } from '../driver/source.js';
import { verbatim } from '../driver/sql.js';
import type { SqlSession } from '../library.js';
import type { Sessions } from '../sessions.js';
import { ownDdl } from './ddl.js';

/** What the tables are made with. */
export interface OwnTablesParts<Session extends object> {
  readonly dialect: Dialect;
  readonly sessions: Sessions<Session>;
  readonly transaction: RunTransaction<Session>;
  readonly tables: OwnTableSet;
}

/** The tables that jobsweep makes for itself. */
export function ownTables<Session extends object>(parts: OwnTablesParts<Session>): OwnTables {
  const { dialect, tables, sessions, transaction } = parts;
  const ddlOf = (table: OwnTableName) => ownDdl(dialect, table, tables[table]);
  const inTransaction = <Result>(
    work: (session: SqlSession) => Promise<Result>,
    options: { readonly signal?: AbortSignal | undefined; readonly readOnly?: boolean },
  ) => transaction((session) => work(sessions.open(session)), options);
  const columnsOf = async ({ run }: SqlSession, table: OwnTableName) => {
    const { own } = dialect;
    return (await run(own.columns(tables[table], quotedName(dialect.words, tables[table])))).map(({ name }) => name);
  };

  const missingTables = async (session: SqlSession) => {
    const missing: OwnTableName[] = [];
    for (const table of OWN_TABLE_NAMES) if ((await columnsOf(session, table)).length === 0) missing.push(table);
    return missing;
  };

  const makeMissing = async (session: SqlSession) => {
    await dialect.own.makeAlone(session);
    const made: string[] = [];
    for (const table of await missingTables(session)) {
      const [create = '', ...indexes] = ddlOf(table);
      await session.run(verbatim(create));
      if (await dialect.own.hasMade(session)) made.push(nameOf(tables[table]));
      for (const index of indexes) await session.run(verbatim(index));
    }
    return made;
  };

  const stateOf = async (session: SqlSession, table: OwnTableName): Promise<OwnTableState> => {
    const columns = await columnsOf(session, table);
    const missing = Object.keys(OWN_TABLES[table].columns).filter((column) => !columns.includes(column));
    const exists = columns.length > 0;
    const problem = exists && missing.length > 0 ? `It has no column ${missing.join(', ')}` : null;
    return { table: nameOf(tables[table]), exists, problem };
  };

  const ddl = OWN_TABLE_NAMES.flatMap(ddlOf);
  return {
    ddl,

    async create({ signal } = {}) {
      const missing = await inTransaction(missingTables, { signal, readOnly: true });
      // Who may not make tables may still find them all there.
      if (missing.length === 0) return [];
      for (let attempt = 1; ; attempt += 1) {
        throwIfAborted(signal);
        try {
          return await inTransaction(makeMissing, { signal });
        } catch (error) {
          // Who runs the same statements at the same time may be in the way once with each of them.
          const isOver = attempt > ddl.length || !dialect.own.isMadeByAnother((error as Error).cause);
          if (isOver) throw explained(error, tables);
        }
      }
    },

    state: ({ signal } = {}) =>
      inTransaction(
        async (session) => {
          const states: OwnTableState[] = [];
          for (const table of OWN_TABLE_NAMES) states.push(await stateOf(session, table));
          return states;
        },
        { signal, readOnly: true },
      ),
  };
}

/** Tables can be made only where there is a place for them. */
function explained(error: unknown, { claims: { schema } }: OwnTableSet): unknown {
  if (schema === undefined || !isJobsweepError(error, 'SCHEMA_MISMATCH')) return error;
  const message = `There is no schema "${schema}" for jobsweep's own tables. Create it, or set ownTables.schema.`;
  return new JobsweepError('SCHEMA_MISMATCH', message, { cause: error.cause });
}
