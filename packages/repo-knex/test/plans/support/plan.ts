import type pg from 'pg';
import type { Statement } from './statements.js';

/** The parts of a plan's node that tests look at, as EXPLAIN names them. */
interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Node[];
}

/** How PostgreSQL would run a statement. */
export interface Plan {
  /** The tables it would read from end to end. */
  readonly scanned: readonly string[];
  readonly indexes: readonly string[];
  /** What each index is asked for, by its name. */
  readonly conditions: Readonly<Record<string, string>>;
  readonly sorts: boolean;
}

/** Asks for the plan of a statement with the values that it was sent with. */
export async function planOf(sql: pg.Client, statement: Statement): Promise<Plan> {
  const { rows } = await sql.query<{ 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(
    `explain (format json) ${statement.sql}`,
    [...statement.bindings],
  );
  const nodes = rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan)));
  const named = nodes.flatMap((node) =>
    node['Index Name'] === undefined ? [] : [[node['Index Name'], node] as const],
  );
  return {
    scanned: nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? '?'] : [])),
    indexes: named.map(([index]) => index),
    conditions: Object.fromEntries(named.map(([index, node]) => [index, node['Index Cond'] ?? ''])),
    sorts: nodes.some((node) => node['Node Type'].includes('Sort')),
  };
}

function flatten(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
