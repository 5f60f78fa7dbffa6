import { isJobsweepError, JobsweepError, type OwnTableState, type OwnTables, throwIfAborted } from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { PROGRESS_COLUMNS, TURN_COLUMNS } from './claim-row.js';
import type { ServiceContext } from './context.js';
import { nameOf, type OwnNames } from './names.js';
import type { OwnDialect } from './own-dialect.js';

const TABLES = ['claims', 'history'] as const;

/** The columns that this version reads and writes. */
const COLUMNS: Readonly<Record<keyof OwnNames, readonly string[]>> = {
  claims: ['config', 'strategy', ...TURN_COLUMNS, ...Object.values(PROGRESS_COLUMNS)],
  history: [
    ...['id', 'config', 'strategy', 'status', 'stop_reason', 'started_at', 'duration_ms'],
    ...['items_cleaned', 'items_found', 'items_contended', 'items_passed_over', 'items_blocked', 'items_unknown'],
    ...['batches', 'blocked', 'error_code', 'error_message', 'host', 'holder', 'note'],
  ],
};

/** How often it is tried to make tables that another one makes at the same time. */
const ATTEMPTS = 3;

/** The tables that jobsweep makes for itself. */
export function ownTables<Session extends object>(context: ServiceContext<Session>): OwnTables {
  const { names, sessions, transactions } = context;
  const { own } = context.dialect;
  const ddl = own.ddl(names);
  const inTransaction = <Result>(
    work: (session: SqlSession) => Promise<Result>,
    options: { readonly signal?: AbortSignal | undefined; readonly readOnly?: boolean },
  ) => transactions.run((session) => work(sessions.open(session)), options);

  return {
    ddl: TABLES.flatMap((table) => ddl[table]),

    async create({ signal } = {}) {
      const missing = await inTransaction((session) => missingTables(session, own, names), { signal, readOnly: true });
      // Who may not make tables may still find them all there.
      if (missing.length === 0) return [];
      for (let attempt = 1; ; attempt += 1) {
        throwIfAborted(signal);
        try {
          return await inTransaction((session) => makeMissing(session, own, names), { signal });
        } catch (error) {
          const isOver = attempt >= ATTEMPTS || !own.isMadeByAnother((error as Error).cause);
          if (isOver) throw explained(error, names);
        }
      }
    },

    state: ({ signal } = {}) =>
      inTransaction(
        async (session) => {
          const states: OwnTableState[] = [];
          for (const table of TABLES) states.push(await stateOf(session, own, names, table));
          return states;
        },
        { signal, readOnly: true },
      ),
  };
}

async function columnsOf({ build, rows }: SqlSession, own: OwnDialect, names: OwnNames, table: keyof OwnNames) {
  return (await rows<{ name: string }>(own.columns(build, names[table]))).map(({ name }) => name);
}

async function missingTables(session: SqlSession, own: OwnDialect, names: OwnNames): Promise<(keyof OwnNames)[]> {
  const missing: (keyof OwnNames)[] = [];
  for (const table of TABLES) {
    if ((await columnsOf(session, own, names, table)).length === 0) missing.push(table);
  }
  return missing;
}

async function makeMissing(session: SqlSession, own: OwnDialect, names: OwnNames): Promise<string[]> {
  await own.makeAlone(session);
  const ddl = own.ddl(names);
  const made: string[] = [];
  for (const table of await missingTables(session, own, names)) {
    const [create, ...indexes] = ddl[table];
    if (create !== undefined) await session.rows(session.build.raw(create));
    if (await own.hasMade(session)) made.push(nameOf(names[table]));
    for (const index of indexes) await session.rows(session.build.raw(index));
  }
  return made;
}

async function stateOf(
  session: SqlSession,
  own: OwnDialect,
  names: OwnNames,
  table: keyof OwnNames,
): Promise<OwnTableState> {
  const columns = await columnsOf(session, own, names, table);
  const missing = COLUMNS[table].filter((column) => !columns.includes(column));
  const exists = columns.length > 0;
  const problem = exists && missing.length > 0 ? `It has no column ${missing.join(', ')}` : null;
  return { table: nameOf(names[table]), exists, problem };
}

/** Tables can be made only where there is a place for them. */
function explained(error: unknown, { claims: { schema } }: OwnNames): unknown {
  if (schema === undefined || !isJobsweepError(error, 'SCHEMA_MISMATCH')) return error;
  const message = `There is no schema "${schema}" for jobsweep's own tables. Create it, or set ownTables.schema.`;
  return new JobsweepError('SCHEMA_MISMATCH', message, { cause: error.cause });
}
