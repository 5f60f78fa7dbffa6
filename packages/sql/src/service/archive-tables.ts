import {
  type MappedArchive as Archive,
  type ArchiveTables,
  nameOf,
  type RunTransaction,
  singleValuesIn,
  type TableFacts,
  throwIfAborted,
} from '@jobsweep/core';
import type { Ask, TableName } from '../catalog.js';
import type { SqlContext } from '../context.js';
import { verbatim } from '../driver/sql.js';
import { RealNames } from '../inspect/real-names.js';
import type { Likeness } from './own-dialect.js';

/** The tables in which deleted rows are kept. `undefined`: nobody maps any. */
export function archiveTables<Session extends object>(
  { library, dialect, driver, sessions }: SqlContext<Session>,
  archives: readonly Archive[],
  transaction: RunTransaction<Session>,
): ArchiveTables | undefined {
  if (archives.length === 0) return undefined;
  const names = new RealNames(library);
  const asking =
    (signal: AbortSignal | undefined): Ask =>
    (question, { readOnly } = { readOnly: true }) =>
      transaction((session) => question(sessions.open(session)), { readOnly, signal });

  /** How a table is made that is missing; `undefined`: it is there, or nothing is known of the one that it is to be like. */
  const likenessOf = async (ask: Ask, { of, rows, within }: Archive): Promise<Likeness | undefined> => {
    const [shape = [], other = []] = await ask(({ run }) => driver.shapes(run, rows, of));
    if (shape.length > 0 || other.length === 0) return undefined;
    const real: TableName = names.ofTable(of);
    const mapped = of.key.map((column) => names.of(column));
    const pinned = singleValuesIn(within).map((column) => names.of(column));
    const facts = await dialect.catalog.table(ask, real, mapped);
    return { of: real, table: names.ofTable(rows), key: keyOf(mapped, pinned, facts), unique: uniqueIn(facts) };
  };

  return {
    async ddl({ signal } = {}) {
      throwIfAborted(signal);
      const ask = asking(signal);
      const statements: string[] = [];
      for (const archive of archives) {
        const likeness = await likenessOf(ask, archive);
        if (likeness !== undefined)
          statements.push(...(await ask((session) => dialect.own.likeness(session, likeness))));
      }
      return statements;
    },

    async create({ signal } = {}) {
      const ask = asking(signal);
      const made: string[] = [];
      for (const archive of archives) {
        throwIfAborted(signal);
        const likeness = await likenessOf(ask, archive);
        if (likeness === undefined) continue;
        await ask(
          async (session) => {
            await dialect.own.makeAlone(session);
            for (const statement of await dialect.own.likeness(session, likeness))
              await session.run(verbatim(statement));
          },
          { readOnly: false },
        );
        made.push(nameOf(archive.rows));
      }
      return made;
    },
  };
}

/** The columns in which no two rows agree: the mapped key, or more where it tells rows apart within a scope alone. */
function keyOf(mapped: readonly string[], pinned: readonly string[], facts: TableFacts | undefined): readonly string[] {
  const unique = uniqueIn(facts).map(({ columns }) => columns);
  const isOf = (columns: readonly string[]) => unique.some((each) => each.every((column) => columns.includes(column)));
  if (isOf(mapped)) return mapped;
  const whole = [...new Set([...mapped, ...pinned])];
  return unique.find((each) => each.every((column) => whole.includes(column))) ?? mapped;
}

const uniqueIn = (facts: TableFacts | undefined): Likeness['unique'] =>
  (facts?.indexes ?? []).flatMap(({ name, unique }) => (unique === undefined ? [] : [{ name, columns: unique }]));
