import {
  type Condition,
  type CountQuery,
  EVERY,
  JobsweepError,
  type Key,
  keyText,
  type RelatedQuery,
  type Row,
  type Selection,
  secondsToMicros,
  type Table,
  type Tx,
} from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';
import { Source } from './source.js';

/** A row as a statement makes it. */
type Found = Omit<Row, 'clock'> & { readonly clock?: string };

/** Rows are nobody else's until the transaction ends. Those that others hold are left out, and nobody waits for them. */
const LOCKED = 'for update skip locked';
/** Others may lock them so too. */
const SHARED = 'for share skip locked';

/** An open transaction as the protocol of core uses it: a few shapes of statements. */
export function pgTx(transaction: PgTransaction, now: bigint): Tx {
  const read = async ({ values }: Source, statement: string): Promise<Row[]> =>
    (await transaction.query<{ found: Found }>(statement, values)).map(({ found: { clock, ...row } }) =>
      clock === undefined ? row : { ...row, clock: BigInt(clock) },
    );

  const byKeys = (table: Table, keys: readonly Key[], selection: Selection, where: Condition, locked = '') => {
    const rows = new Source(table);
    const among = rows.among(rows.key, keys, where);
    return read(rows, `${rows.select(selection)} ${among} order by ${rows.key} ${locked}`);
  };

  const related = ({ link, parents, where, order, after, limit, ...selection }: RelatedQuery, locked = '') => {
    const rows = new Source(link.to);
    const up = link.on.map(([, name]) => name);
    const place = after && [...up.map((name) => after.columns[name] ?? null), ...after.key];
    const page = rows.page(order === 'parent' ? up : [...up, ...link.to.key], place, limit);
    return read(rows, `${rows.select(selection)} ${rows.among(rows.columns(up), parents, where)} ${page} ${locked}`);
  };

  return {
    abilities: { lock: 'beforehand', fence: null, atomic: true },
    now,

    page({ table, where, orderBy, descending, after, upTo, limit, parent, ...selection }) {
      const rows = new Source(table);
      const time = orderBy === undefined ? [] : [orderBy];
      const order = [...time, ...table.key];
      const placeOf = (row: typeof after) => row && [...time.map(() => row.time ?? null), ...row.key];
      const end = placeOf(upTo);
      const isUpTo = end === undefined ? '' : rows.isAt('<=', order, end);
      const page = rows.page(order, placeOf(after), limit, descending);
      return read(rows, `${rows.select(selection, parent)} where ${rows.where(where)} ${isUpTo} ${page}`);
    },

    async count(...queries) {
      const values: unknown[] = [];
      const counts = queries.map((query) => `(${countOf(query, values)})`).join(', ');
      type Counts = { readonly rows: number; readonly earliest: string | null }[];
      const [row] = await transaction.query<{ found: Counts }>(`select json_build_array(${counts}) as found`, values);
      return (row?.found ?? []).map(({ rows, earliest }) => ({
        rows,
        earliest: earliest === null ? null : BigInt(earliest),
      }));
    },

    async sums({ table, where, by, span, columns, limit }) {
      const rows = new Source(table);
      const micros = rows.micros(span.time);
      const from = `${micros} - ${micros} % ${secondsToMicros(span.seconds)}`;
      const texts = by.map((name) => `${rows.column(name)}::text collate "C"`);
      const sums = columns.map((name) => `json_build_array(sum(${rows.column(name)}), max(${rows.column(name)}))`);
      const groups = [from, ...texts].map((_group, index) => index + 1).join(', ');
      const summed = await transaction.query<{ from: string; by: string[]; rows: number; sums: [number, number][] }>(
        `select (found.from)::text as from, json_build_array(${texts.map((_text, index) => `by${index}`).join(', ')}) as by, rows::int, sums
         from (select ${[from, ...texts].map((each, index) => `${each} as ${index === 0 ? '"from"' : `by${index - 1}`}`).join(', ')},
                 count(*) as rows, json_build_array(${sums.join(', ')}) as sums
               from ${rows.from} where ${rows.isSince(span)} and ${rows.where(where)} group by ${groups} order by ${groups} limit ${limit}) as found`,
        rows.values,
      );
      return summed.map(({ from, by, rows, sums }) => ({
        by,
        from: BigInt(from),
        rows,
        columns: Object.fromEntries(
          columns.map((name, index) => [name, { sum: sums[index]?.[0] ?? 0, greatest: sums[index]?.[1] ?? 0 }]),
        ),
      }));
    },

    async lock(table, keys, selection, where, mode) {
      const rows = await byKeys(table, keys, selection, where, mode === 'share' ? SHARED : LOCKED);
      const locked = new Set(rows.map(({ key }) => keyText(key)));
      const missing = keys.filter((key) => !locked.has(keyText(key)));
      if (missing.length === 0) return { rows, held: [] };
      // The same question without a lock: what it finds is there, and others had it locked a moment ago.
      return { rows, held: keysOf(await byKeys(table, missing, { columns: [] }, where)) };
    },

    related: (query) => related(query),

    lockRelated: async (query) => ({ rows: await related(query, LOCKED), held: [] }),

    async countRelated(link, parents, where) {
      const rows = new Source(link.to);
      const up = rows.columns(link.on.map(([, name]) => name));
      const counts = await transaction.query<{ key: string; count: string }>(
        `select ${up}::text as key, count(*)::text as count
         from ${rows.from} ${rows.among(up, parents, where)} group by ${up}`,
        rows.values,
      );
      return new Map(counts.map(({ key, count }) => [keyText([key]), Number(count)]));
    },

    update(table, { rows: locked, set, guard, columns }) {
      const rows = new Source(table);
      const among = rows.among(rows.key, keysOf(locked), guard);
      return read(rows, `update ${rows.from} ${rows.set(set)} ${among} ${rows.returning(columns)}`);
    },

    async remove(table, locked, guard) {
      const rows = new Source(table);
      const among = rows.among(rows.key, keysOf(locked), guard);
      return keysOf(await read(rows, `delete from ${rows.from} ${among} ${rows.returning([])}`));
    },

    // It maps no archive, so that nobody asks for this.
    async copy() {
      throw new JobsweepError('UNSUPPORTED_SCHEMA', 'This adapter keeps no deleted rows.');
    },

    async insert(table, row) {
      const rows = new Source(table);
      await transaction.query(`insert into ${rows.from} ${rows.added(row)} on conflict do nothing`, rows.values);
    },

    async insertAll(table, same, each) {
      const rows = new Source(table);
      await transaction.query(`insert into ${rows.from} ${rows.addedAll(same, each)}`, rows.values);
    },

    async take(table, key, { where, set, columns }) {
      const rows = new Source(table);
      const free = `${rows.select({ columns })} ${rows.among(rows.key, [key], where)} ${LOCKED}`;
      const update = `update ${rows.from} ${rows.set(set)} from free ${rows.among(rows.key, [key], EVERY)}`;
      return (await read(rows, `with free as (${free}) ${update} returning free.found`))[0];
    },

    async hold(table, key, columns, where) {
      const lock = () => byKeys(table, [key], { columns, clock: true }, where, LOCKED);
      const [atOnce] = await lock();
      if (atOnce !== undefined) return atOnce;
      // What a statement says of the time when it has waited is what it was before.
      const waited = await byKeys(table, [key], { columns: [] }, where, 'for update');
      return waited.length === 0 ? undefined : (await lock())[0];
    },

    async change(table, key, where, set) {
      const rows = new Source(table);
      const update = `update ${rows.from} ${rows.set(set)} ${rows.among(rows.key, [key], where)}`;
      return (await read(rows, `${update} ${rows.returning([])}`)).length > 0;
    },
  };
}

/** A query for how many rows there are, and for the earliest of the times that are set. */
function countOf({ table, where, atMost, earliest }: CountQuery, values: unknown[]): string {
  const rows = new Source(table, values);
  const up = earliest?.parent && rows.linked(earliest.parent);
  const micros = earliest && (up ?? rows).micros(earliest.time);
  // By the time, so that the earliest of the rows' own is among those that are counted, however few these are.
  const order = earliest === undefined || up !== undefined ? '' : `order by ${rows.column(earliest.time)}`;
  return `
    select json_build_object('rows', count(*), 'earliest', min(found.micros)::text) from (
      select ${micros ?? 'null::bigint'} as micros from ${rows.from} ${up === undefined ? '' : `join ${up.from} on ${up.on}`}
      where ${rows.where(where)} ${order} limit ${atMost ?? 'all'}
    ) as found`;
}

const keysOf = (rows: readonly Row[]): Key[] => rows.map(({ key }) => key);
