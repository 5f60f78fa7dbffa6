import { allOf, type Condition, EVERY, isIn } from '../driver/condition.js';
import type { Query, Tx } from '../driver/driver.js';
import { type Exact, exactAt, secondsToMicros, toMicros } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import { insteadOf } from '../errors.js';
import type { Context } from '../protocol/context.js';
import { type WantedIndex, wantedIndexes } from '../rules/wanted-indexes.js';
import type { TimeColumn } from '../schema/time-column.js';
import type { StrategyName } from '../strategies/names.js';
import { serves } from './index-advice.js';
import type { SchemaFinding } from './inspection.js';
import type { Look } from './look.js';
import { mappedTables } from './mapped-columns.js';
import { schemaFinding } from './schema-finding.js';

/** The clocks of hosts differ by seconds; a time that was written in another zone is off by a quarter of an hour or more. */
const TOLERATED_MICROS = secondsToMicros(300);
const NEWEST_ROWS = 100;

type ReadTx = Pick<Tx, 'now' | 'page'>;

/** A time that a strategy goes by, in the rows that it looks at. */
interface JudgedTime {
  /** Where it is mapped, and what has to be right besides for it to be read. */
  readonly path: string;
  readonly needs: readonly string[];
  readonly strategies: readonly StrategyName[];
  readonly table: Table;
  readonly time: TimeColumn;
  readonly only: WantedIndex['only'];
}

/**
 * Times of which the newest hundred lie ahead of the database's clock. Most of them: they are kept otherwise
 * than the mapping says, in another time zone perhaps, and no strategy may go by them. Fewer: a warning. Without an index
 * nothing is read: it would be the whole table.
 *
 * @param findings what is known to be wrong already: such columns are not looked at.
 * @param inTransaction looks in a transaction that only reads.
 */
export async function timesAhead(
  look: Look,
  context: Context,
  findings: readonly SchemaFinding[],
  inTransaction: (look: (tx: ReadTx) => Promise<SchemaFinding[]>) => Promise<SchemaFinding[]>,
): Promise<SchemaFinding[]> {
  const wrong = new Set(findings.map(({ path }) => path));
  const judged: (readonly [JudgedTime, Condition])[] = [];
  for (const each of judgedTimes(context)) {
    const where = [each.path, ...each.needs].some((path) => wrong.has(path)) ? undefined : await inOrder(look, each);
    if (where !== undefined) judged.push([each, where]);
  }
  if (judged.length === 0) return [];
  const found = inTransaction(async (tx) => {
    const found: SchemaFinding[] = [];
    for (const each of judged) found.push(...(await judge(tx, ...each)));
    return found;
  });
  // Nobody can tell where the server does not go by its index, nor where this user may not read.
  return found.catch(insteadOf('STATEMENT_TIMEOUT', [])).catch(insteadOf('PERMISSION_DENIED', []));
}

/** The rows that an index has in the order of a time: those of the states that count, or all of them. */
async function inOrder({ catalog, facts }: Look, { table, time, only }: JudgedTime): Promise<Condition | undefined> {
  const { indexes = [] } = (await facts(table)) ?? {};
  const has = (of: WantedIndex['only']) =>
    indexes.some((index) => serves(catalog, index, { only: of, order: [time.column] }));
  if (only !== null && has(only)) return isIn(only.column, only.values);
  return has(null) ? EVERY : undefined;
}

async function judge(
  tx: ReadTx,
  { path, strategies, table, time }: JudgedTime,
  where: Condition,
): Promise<SchemaFinding[]> {
  const { rows, ahead } = await newestOf(tx, table, time, where);
  if (ahead === 0) return [];
  const severity = ahead * 2 > rows ? 'error' : 'warning';
  return [{ ...schemaFinding(path, { kind: 'ahead', rows, ahead }), severity, strategies }];
}

/** How many of the newest rows are ahead; of more than a hundred, these are the newest. */
async function newestOf(tx: ReadTx, table: Table, time: TimeColumn, where: Condition) {
  const { column } = time;
  const limit = tx.now + TOLERATED_MICROS;
  const isAhead = (exact: Exact | undefined) => (toMicros(exact ?? null, time) ?? limit) > limit;
  const isSet = { time: column, isSet: true };
  const query: Query = { table, where: allOf(where, isSet), columns: [column], orderBy: column, limit: NEWEST_ROWS };
  const first = await tx.page(query);
  const [row] = first;
  if (row === undefined || first.length < NEWEST_ROWS) {
    return { rows: first.length, ahead: first.filter(({ columns }) => isAhead(columns[column])).length };
  }
  // Any key will do, since no row has to be at just this time.
  const ahead = await tx.page({ ...query, after: { time: exactAt(limit, time), key: row.key } });
  return { rows: NEWEST_ROWS, ahead: ahead.length };
}

/** The times by which strategies look for due rows. */
function judgedTimes({ mapped }: Context): JudgedTime[] {
  const tables = mappedTables(mapped);
  return wantedIndexes(mapped).flatMap(({ table, only, order: [column = ''], strategies }) => {
    const time = table.times.get(column);
    if (time === undefined || only?.values.length === 0) return [];
    const { name, columns = [] } = tables.find((each) => each.table === table) ?? {};
    const { path = '' } = columns.find((each) => each.column === column && each.kind !== undefined) ?? {};
    const state = name === 'jobs' ? 'state' : 'status';
    return { path, needs: [`schema.${name}.table`, `schema.${name}.columns.${state}`], strategies, table, time, only };
  });
}
