import type { ReadCost } from '@jobsweep/core';
import type { Sql } from '../../driver/sql.js';
import { explained } from '../../inspect/explained.js';
import type { SqlSession } from '../../library.js';

/** The parts of a plan's node that tell how many rows were looked at. */
interface Node {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

interface Explained {
  readonly Plan: Node;
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

/** See `ServerCatalog.explain`. */
export async function explain(session: SqlSession, query: Sql): Promise<ReadCost> {
  const answer = await explained(session, 'explain (analyze, format json)', query);
  const [found] = (typeof answer === 'string' ? JSON.parse(answer) : answer) as readonly [Explained];
  return {
    durationMs: found['Planning Time'] + found['Execution Time'],
    rowsExamined: Math.round(examined(found.Plan)),
    plan: JSON.stringify(found.Plan, null, 2),
  };
}

/** Rows that came out of tables, and those that a condition sent away first. */
function examined(node: Node): number {
  const { 'Actual Rows': rows = 0, 'Actual Loops': loops = 0 } = node;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const own = node['Relation Name'] === undefined ? 0 : (rows + removed) * loops;
  return (node.Plans ?? []).reduce((sum, each) => sum + examined(each), own);
}
