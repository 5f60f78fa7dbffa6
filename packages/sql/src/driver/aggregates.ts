import { type CountQuery, columnsIn, linksIn, type StateColumn, type SumQuery, secondsToMicros } from '@jobsweep/core';
import { branchesOf } from './branches.js';
import { newestFirst } from './keys.js';
import { joinedTo } from './page.js';
import type { Source } from './source.js';
import { joined, NOTHING, numeral, type Sql, sql, verbatim } from './sql.js';

/** How many rows: `n` and an index, and `t` and the index for the earliest time. */
export function countOf(source: Source, { where, atMost, earliest }: CountQuery, index: number): Sql {
  const { words } = source;
  const up = earliest?.parent && source.other(earliest.parent.to);
  const from = sql`from ${source.aliased}${joinedTo(source, earliest?.parent, up)} where ${source.where(where)}`;
  const limit = atMost === undefined ? NOTHING : sql` limit ${numeral(atMost)}`;
  const [rows, time] = [verbatim(`count(*) as n${index}`), verbatim(`min(found.t) as t${index}`)];
  if (earliest === undefined) return sql`select ${rows} from (select 1 as one ${from}${limit}) as found`;
  const dated = up ?? source;
  const [column, { codec, ...how }] = [dated.column(earliest.time), dated.timeOf(earliest.time)];
  const isSet = words.isSet(column, { codec, ...how });
  const micros = sql`case when ${isSet} then ${words.micros(column, codec)} end`;
  const isEach = up === undefined && atMost !== undefined && linksIn(where).some(({ newer }) => newer !== undefined);
  const branches = isEach && words.mergesPages ? branchesOf(where) : [];
  if (branches.length > 1) {
    const order = verbatim(['o', ...source.keys.map((_key, index) => `k${index}`)].join(', '));
    const keys = source.keys.map((key, index) => sql`${key} as ${verbatim(`k${index}`)}`);
    const read = joined([sql`${micros} as t`, sql`${column} as o`, ...keys], ', ');
    const each = branches.map((branch) => {
      return sql`(select ${read} from ${source.aliased} where ${source.where(branch)} order by ${order}${limit})`;
    });
    const found = sql`select t from (${joined(each, ' union all ')}) as each_state order by ${order}${limit}`;
    return sql`select ${rows}, ${time} from (${found}) as found`;
  }
  const order = joined([...(up === undefined ? [column] : []), ...source.keys], ', ');
  return sql`select ${rows}, ${time} from (select ${micros} as t ${from} order by ${order}${limit}) as found`;
}

/** A row for each value of a column, the most frequent first: the value to the letter, and `n` rows that have it. */
export function valuesOf(source: Source, { column, where, newest, limit }: StateColumn): Sql {
  const { words } = source;
  const letters = words.letters(source.column(column));
  const from = newest === undefined ? source.aliased : newestOf(source, [column, ...columnsIn(where)], newest);
  const groups = sql`select ${letters} as letters, count(*) as n from ${from} where ${source.where(where)} group by 1 order by 2 desc, 1 limit ${numeral(limit)}`;
  return sql`select ${words.text(verbatim('found.letters'))} as value, n from (${groups}) as found`;
}

/** A row of each group: `g0` and on are its texts, `t` is when its span begins, `n` rows, `s0`, `m0` and on are of each column. */
export function sumsOf(source: Source, { where, by, span, columns, limit }: SumQuery): Sql {
  const { words } = source;
  const [time, { codec }] = [source.column(span.time), source.timeOf(span.time)];
  const micros = words.micros(time, codec);
  const isSince = words.isInOrder('>', time, codec, String(span.since - 1n), [], []);
  const width = verbatim(String(secondsToMicros(span.seconds)));
  const groups = [
    sql`${micros} - mod(${micros}, ${width}) as t`,
    ...by.map((name, index) => sql`${words.letters(source.column(name))} as ${verbatim(`g${index}`)}`),
  ];
  const each = columns.flatMap((name, index) => [
    sql`sum(${source.column(name)}) as ${verbatim(`s${index}`)}`,
    sql`max(${source.column(name)}) as ${verbatim(`m${index}`)}`,
  ]);
  const order = verbatim(groups.map((_group, index) => index + 1).join(', '));
  const read = joined([...groups, verbatim('count(*) as n'), ...each], ', ');
  const found = sql`select ${read} from ${source.aliased} where ${isSince} and ${source.where(where)} group by ${order} order by ${order} limit ${numeral(limit)}`;
  const names = ['t', 'n', ...columns.flatMap((_name, index) => [`s${index}`, `m${index}`])];
  const texts = [...names, ...by.map((_name, index) => `g${index}`)].map((name) => {
    return sql`${words.text(verbatim(`found.${name}`))} as ${verbatim(name)}`;
  });
  return sql`select ${joined(texts, ', ')} from (${found}) as found order by found.t`;
}

/** Some columns of the rows with the greatest keys, in place of the table. */
function newestOf(source: Source, columns: readonly string[], rows: number): Sql {
  const { borrowed, key } = source.table;
  const named = columns.flatMap((column) =>
    borrowed?.columns.has(column) ? borrowed.on.map(([own]) => own) : [column],
  );
  const read = [...new Set([...key, ...named])].map((column) => source.column(column));
  return sql`(select ${joined(read, ', ')} from ${source.aliased} order by ${newestFirst(source)} limit ${numeral(rows)}) as ${source.identifier(source.alias)}`;
}
