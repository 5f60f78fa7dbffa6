import type { Condition } from '../../driver/condition.js';
import type {
  Copy,
  Counted,
  CountQuery,
  Locked,
  Query,
  RelatedQuery,
  Summed,
  SumQuery,
  Tx,
  Update,
} from '../../driver/driver.js';
import { type Key, keyText, secondsToMicros } from '../../driver/exact.js';
import { isoOf } from '../../driver/iso-text.js';
import type { Assignment, Assignments, Label, Row, RowTexts, Selection } from '../../driver/row.js';
import type { Taking } from '../../driver/single-rows.js';
import type { Link, Table } from '../../driver/table.js';
import { isJobsweepError } from '../../errors.js';
import type { MemoryDatabase } from '../engine/database.js';
import { compareIds } from '../engine/ids.js';
import type { MemoryValue } from '../engine/rows.js';
import type { MemorySession } from '../engine/session.js';
import { toMicros } from '../engine/times.js';
import { type AnyRow, Evaluator, exactIn, microsIn, nameOf } from './evaluator.js';
import { sums } from './sums.js';

/** An open transaction in memory, as the protocol uses it. */
export class MemoryTx implements Tx {
  readonly abilities = { lock: 'beforehand', fence: null, atomic: true } as const;

  constructor(
    private readonly session: MemorySession,
    readonly now: bigint,
    private readonly database: MemoryDatabase,
  ) {}

  page({ table, where, orderBy, descending = false, after, upTo, limit, parent, ...selection }: Query): Promise<Row[]> {
    const compare = (one: Place, other: Place) => (descending ? comparePlaces(other, one) : comparePlaces(one, other));
    return this.look((evaluator) => {
      const placeOf = ({ time, key }: NonNullable<typeof after>): Place => [
        orderBy === undefined ? 0n : BigInt(time ?? 0),
        idOf(key),
      ];
      const [last, end] = [after && placeOf(after), upTo && placeOf(upTo)];
      const isInside = (place: Place) =>
        (last === undefined || compare(place, last) > 0) && (end === undefined || compare(place, end) <= 0);
      const rows = evaluator
        .rows(table, where)
        .map((row) => ({
          row,
          place: placeBy(orderBy, table, row),
          linked: parent && evaluator.linkedTo(row, parent.link),
        }))
        .filter(({ place, linked }) => linked?.length !== 0 && isInside(place))
        .sort((one, other) => compare(one.place, other.place));
      return rows.slice(0, limit).map(({ row, linked: [up] = [] }) => ({
        ...toRow(evaluator, table, row, selection),
        ...(parent !== undefined && up !== undefined && { parent: toRow(evaluator, parent.link.to, up, parent) }),
      }));
    });
  }

  count(...queries: readonly CountQuery[]): Promise<Counted[]> {
    return this.look((evaluator) => queries.map((query) => count(evaluator, query)));
  }

  sums(query: SumQuery): Promise<Summed[]> {
    return this.look((evaluator) => sums(evaluator, query));
  }

  async lock(table: Table, keys: readonly Key[], selection: Selection, where: Condition): Promise<Locked> {
    const ids = new Set(keys.map(idOf));
    const rows = await this.lockWhere(table, selection, (row, evaluator) => {
      return ids.has(row.id) && evaluator.meets(table, row, where);
    });
    for (const { key } of rows) ids.delete(idOf(key));
    const held = await this.look((evaluator) => evaluator.rows(table, where).filter(({ id }) => ids.has(id)));
    return { rows, held: held.map(({ id }) => [id]) };
  }

  related({ link, parents, where, after, limit, ...selection }: RelatedQuery): Promise<Row[]> {
    return this.look((evaluator) => {
      const rows = this.relatedTo(evaluator, link, parents, where);
      return rows
        .filter((row) => after === undefined || comparePlaces(placeUnder(link, row), placeOfRow(link, after)) > 0)
        .slice(0, limit)
        .map((row) => toRow(evaluator, link.to, row, selection));
    });
  }

  async lockRelated(query: RelatedQuery): Promise<Locked> {
    const { link, where, limit, ...selection } = query;
    const rows: Row[] = [];
    let { after } = query;
    while (rows.length < limit) {
      const wanted = limit - rows.length;
      const page = await this.related({ ...query, after, limit: wanted });
      const ids = new Set(page.map(({ key }) => idOf(key)));
      const locked = await this.lockWhere(link.to, selection, (row, evaluator) => {
        return ids.has(row.id) && evaluator.meets(link.to, row, where);
      });
      rows.push(...locked);
      if (page.length < wanted) break;
      after = page.at(-1);
    }
    return { rows: rows.sort((one, other) => comparePlaces(placeOfRow(link, one), placeOfRow(link, other))), held: [] };
  }

  countRelated(link: Link, parents: readonly Key[], where: Condition): Promise<ReadonlyMap<string, number>> {
    return this.look((evaluator) => {
      const counts = new Map<string, number>();
      for (const row of this.relatedTo(evaluator, link, parents, where)) {
        const parent = keyText([String(placeUnder(link, row)[0])]);
        counts.set(parent, (counts.get(parent) ?? 0) + 1);
      }
      return counts;
    });
  }

  async update(table: Table, { rows, set, guard, columns }: Update): Promise<Row[]> {
    const meets = await this.meetsAmong(table, rows, guard);
    const changed = await this.session.update(nameOf(table), meets, this.written(table, set));
    return this.look((evaluator) => changed.map((row) => toRow(evaluator, table, row as AnyRow, { columns })));
  }

  async remove(table: Table, rows: readonly Row[], guard: Condition): Promise<Key[]> {
    const gone = await this.session.delete(nameOf(table), await this.meetsAmong(table, rows, guard));
    return gone.map((id) => [id]);
  }

  async copy({ from, to, keys, where }: Copy): Promise<number> {
    const ids = new Set(keys.map(idOf));
    const rows = await this.look((evaluator) => evaluator.rows(from, where).filter(({ id }) => ids.has(id)));
    for (const row of rows.sort((one, other) => compareIds(one.id, other.id)))
      await this.session.insert(nameOf(to), row);
    return rows.length;
  }

  async insert(table: Table, row: Assignments): Promise<void> {
    try {
      await this.add(table, row);
    } catch (error) {
      if (!isJobsweepError(error, 'ROW_REJECTED') || error.constraint !== `${nameOf(table)}_id_key`) throw error;
    }
  }

  async insertAll(table: Table, same: Assignments, each: readonly RowTexts[]): Promise<void> {
    for (const texts of each) {
      const own = Object.entries(texts).map(([column, value]) => [column, { value }] as const);
      await this.add(table, { ...same, ...Object.fromEntries(own) });
    }
  }

  private async add(table: Table, row: Assignments): Promise<void> {
    const { id = this.database.nextNumber(), ...values } = this.written(table, row)({});
    await this.session.insert(nameOf(table), { ...values, id: String(id) });
  }

  async take(table: Table, key: Key, { where, set, columns }: Taking): Promise<Row | undefined> {
    const meets = await this.meetsAmong(table, [{ key }], where);
    const [row] = await this.session.lock(nameOf(table), meets, { skipLocked: true });
    if (row === undefined) return undefined;
    await this.session.update(nameOf(table), ({ id }) => id === row.id, this.written(table, set));
    return this.look((evaluator) => toRow(evaluator, table, row as AnyRow, { columns }));
  }

  async hold(table: Table, key: Key, columns: readonly string[], where: Condition): Promise<Row | undefined> {
    const [row] = await this.session.lock(nameOf(table), await this.meetsAmong(table, [{ key }], where));
    return row && this.look((evaluator) => toRow(evaluator, table, row as AnyRow, { columns, clock: true }));
  }

  async change(table: Table, key: Key, where: Condition, set: Assignments): Promise<boolean> {
    const meets = await this.meetsAmong(table, [{ key }], where);
    return (await this.session.update(nameOf(table), meets, this.written(table, set))).length > 0;
  }

  private look<Result>(question: (evaluator: Evaluator) => Result): Promise<Result> {
    return this.session.select((view) => question(new Evaluator(view, this.clock)));
  }

  private get clock(): bigint {
    return toMicros(this.database.now());
  }

  /** What the columns of a row hold after a write. */
  private written(table: Table, set: Assignments): (row: Partial<AnyRow>) => Record<string, MemoryValue> {
    const { clock } = this;
    const after = (row: Partial<AnyRow>, column: string, write: Assignment): MemoryValue => {
      if ('value' in write) return write.value;
      if ('exact' in write) {
        const isTime = write.exact !== null && table.times.has(column);
        return isTime ? isoOf(BigInt(write.exact)) : write.exact;
      }
      if ('json' in write) return JSON.stringify(write.json);
      if ('increment' in write) return Number(row[column] ?? null) + write.increment;
      if ('firstSet' in write) {
        const first = write.firstSet.find((each) => microsIn(table, row as AnyRow, each) !== null);
        return first === undefined ? isoOf(write.otherwise) : (row[first] ?? null);
      }
      return isoOf('time' in write ? write.time : clock + secondsToMicros(write.afterSeconds));
    };
    return (row) =>
      Object.fromEntries(Object.entries(set).map(([column, write]) => [column, after(row, column, write)]));
  }

  private async lockWhere(
    table: Table,
    selection: Selection,
    isWanted: (row: AnyRow, evaluator: Evaluator) => boolean,
  ): Promise<Row[]> {
    const evaluator = await this.look((each) => each);
    const isRowWanted = (row: object) => isWanted(row as AnyRow, evaluator);
    const rows = await this.session.lock(nameOf(table), isRowWanted, { skipLocked: true });
    return rows.map((row) => toRow(evaluator, table, row as AnyRow, selection));
  }

  private async meetsAmong(
    table: Table,
    rows: readonly Pick<Row, 'key'>[],
    guard: Condition,
  ): Promise<(row: object) => boolean> {
    const ids = new Set(rows.map(({ key }) => idOf(key)));
    const evaluator = await this.look((each) => each);
    return (row) => ids.has((row as AnyRow).id) && evaluator.meets(table, row as AnyRow, guard);
  }

  private relatedTo(evaluator: Evaluator, link: Link, parents: readonly Key[], where: Condition): AnyRow[] {
    const ids = new Set(parents.map(idOf));
    return evaluator
      .rows(link.to, where)
      .filter((row) => ids.has(String(placeUnder(link, row)[0])))
      .sort((one, other) => comparePlaces(placeUnder(link, one), placeUnder(link, other)));
  }
}

function count(
  evaluator: Evaluator,
  { table, where, atMost = Number.POSITIVE_INFINITY, earliest }: CountQuery,
): Counted {
  const rows = evaluator.rows(table, where);
  const times = rows.flatMap((row) => {
    if (earliest === undefined) return [];
    const { time, parent } = earliest;
    if (parent === undefined) return microsIn(table, row, time) ?? [];
    return evaluator.linkedTo(row, parent).flatMap((up) => microsIn(parent.to, up, time) ?? []);
  });
  const first = times.reduce<bigint | null>((one, other) => (one === null || other < one ? other : one), null);
  return { rows: Math.min(rows.length, atMost), earliest: first };
}

/** A row's place in an order: the time or the parent that comes first, and its id. */
type Place = readonly [first: bigint | string, id: string];

function comparePlaces([first, id]: Place, [otherFirst, otherId]: Place): number {
  if (first === otherFirst) return compareIds(id, otherId);
  if (typeof first === 'string' && typeof otherFirst === 'string') return compareIds(first, otherFirst);
  return first < otherFirst ? -1 : 1;
}

/** The place of a row in an order by (time, id), or by id alone. */
function placeBy(orderBy: string | undefined, table: Table, row: AnyRow): Place {
  return [orderBy === undefined ? 0n : BigInt(exactIn(table, row, orderBy) ?? 0), row.id];
}

/** The place of a row in an order by (parent, id). */
const placeUnder = ({ to, on: [pair] }: Link, row: AnyRow): Place => [
  (pair && exactIn(to, row, pair[1])) ?? '',
  row.id,
];

/** The same of a row that was read. */
const placeOfRow = ({ on: [pair] }: Link, { key, columns }: Row): Place => [
  (pair && columns[pair[1]]) ?? '',
  idOf(key),
];

const idOf = ([id]: Key): string => id ?? '';

function toRow(evaluator: Evaluator, table: Table, row: AnyRow, { columns, labels, clock }: Selection): Row {
  const labelIn = (some: readonly Label[]) => some.find(({ when }) => evaluator.meets(table, row, when))?.label ?? null;
  return {
    key: [row.id],
    columns: Object.fromEntries(columns.map((column) => [column, exactIn(table, row, column)])),
    ...(labels !== undefined && {
      labels: Object.fromEntries(Object.entries(labels).map(([name, some]) => [name, labelIn(some)])),
    }),
    ...(clock === true && { clock: evaluator.clock }),
  };
}
