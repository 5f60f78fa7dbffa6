import { type Condition, type Link, partsOf, type Query, singleParts } from '@jobsweep/core';
import { branchesOf } from './branches.js';
import { type Reading, selected, selectedBeside } from './selected.js';
import { isBehind, type Source } from './source.js';
import { joined, numeral, type Sql, sql, verbatim } from './sql.js';

/** A page of a table, in its order. */
export function page(source: Source, query: Query): Reading {
  const { limit, parent, ...selection } = query;
  const { columns, toRow } = selected(source, selection);
  const up = parent && source.other(parent.link.to);
  const upper = parent && up && selectedBeside(up, parent);
  const { where, join, beside } =
    parent && up && upper && source.words.joinsLaterally
      ? lookedUp(source, query.where, parent.link, up, upper.columns)
      : { where: query.where, join: joinedTo(source, parent?.link, up), beside: upper?.columns ?? [] };
  const all = joined([...columns, ...beside], ', ');
  const branches = source.words.mergesPages && isMerged(query) ? branchesOf(where) : [];
  const found =
    branches.length > 1
      ? sql`from (${merged(source, query, branches)}) as due inner join ${source.aliased} on ${isDue(source, where)}${join}`
      : sql`from ${source.aliased}${join} where ${conditionsOf(source, query, where)}`;
  return {
    sql: sql`select ${all} ${found} order by ${joined(orderOf(source, query), ', ')} limit ${numeral(limit)}`,
    toRow: upper === undefined ? toRow : (raw) => Object.assign(toRow(raw), { parent: upper.toRow(raw) }),
  };
}

/**
 * The same where rows can be looked up one by one: what has to hold of the row that a link leads up to is asked of the row that
 * is read, and not of a second look. Planners cannot take it apart and join by the state, for the reason of `Source.exists`.
 */
function lookedUp(source: Source, where: Condition, link: Link, up: Source, columns: readonly Sql[]) {
  const conditions = [source.isLinked(link, up)];
  const others = partsOf(where).filter((part) => {
    if (!('exists' in part) || part.exists !== link) return true;
    conditions.push(up.where(part.where));
    return false;
  });
  const found = sql`select ${joined(columns, ', ')} from ${up.aliased} where ${joined(conditions, ' and ')} offset 0`;
  const alias = up.identifier(up.alias);
  return { where: { all: others }, join: sql` cross join lateral (${found}) as ${alias}`, beside: [sql`${alias}.*`] };
}

/** To the row at the other end of a link, if there is one to go to. */
export function joinedTo(source: Source, link: Link | undefined, other: Source | undefined): Sql {
  if (link === undefined || other === undefined) return verbatim('');
  return sql` inner join ${other.aliased} on ${source.isLinked(link, other)}`;
}

/**
 * The keys of the page, out of as many rows of each branch. An index on (state, time, key) has the rows of one state in their
 * order, and those of several states not: servers that cannot merge them sort all that is due, for every page.
 */
function merged(source: Source, query: Query, branches: readonly Condition[]): Sql {
  const { orderBy, limit } = query;
  const order = orderOf(source, query);
  const names = [...(orderBy === undefined ? [] : ['t']), ...source.keys.map((_key, index) => `k${index}`)];
  const columns = joined(
    columnsOf(source, query).map((column, index) => sql`${column} as ${verbatim(names[index] ?? '')}`),
    ', ',
  );
  const rows = numeral(limit);
  const each = branches.map(
    (where) =>
      sql`(select ${columns} from ${source.aliased} where ${conditionsOf(source, query, where)} order by ${joined(order, ', ')} limit ${rows})`,
  );
  return sql`select * from (${joined(each, ' union all ')}) as found order by ${verbatim(names.map((name) => `${name}${downwards(query)}`).join(', '))} limit ${rows}`;
}

/** The few rows with the highest keys are found in any state. */
const isMerged = ({ orderBy, descending }: Query): boolean => descending !== true || orderBy !== undefined;

/** A key may be unique beside the single value of another column alone, as that of a scope. */
function isDue(source: Source, where: Condition): Sql {
  const keys = source.keys.map((key, index) => sql`${key} = due.${verbatim(`k${index}`)}`);
  return joined([...keys, ...singleParts(where).map((part) => source.where(part))], ' and ');
}

function conditionsOf(source: Source, { orderBy, descending, after, upTo }: Query, where: Condition): Sql {
  const isInOrder = (is: '>' | '<=', { time = null, key }: NonNullable<typeof after>): Sql => {
    if (orderBy === undefined) return isBehind(source.keys, key, descending === true ? '<' : is);
    return source.words.isInOrder(is, source.column(orderBy), source.timeOf(orderBy).codec, time, source.keys, key);
  };
  const bounds = [
    ...(after === undefined ? [] : [isInOrder('>', after)]),
    ...(upTo === undefined ? [] : [isInOrder('<=', upTo)]),
  ];
  return joined([source.where(where), ...bounds], ' and ');
}

const columnsOf = (source: Source, { orderBy }: Query): Sql[] => [
  ...(orderBy === undefined ? [] : [source.column(orderBy)]),
  ...source.keys,
];

const downwards = ({ descending }: Query): string => (descending === true ? ' desc' : '');

const orderOf = (source: Source, query: Query): Sql[] =>
  columnsOf(source, query).map((column) => sql`${column}${verbatim(downwards(query))}`);
