import type { ReadCost } from '@jobsweep/core';
import type { RawRow } from '../../driver/selected.js';
import { type Sql, sql } from '../../driver/sql.js';
import { explained } from '../../inspect/explained.js';
import type { SqlSession } from '../../library.js';
import type { ServerKind } from '../bounds.js';

/** See `ServerCatalog.explain`. */
export async function explain(session: SqlSession, kind: ServerKind, query: Sql): Promise<ReadCost> {
  if (kind === 'TiDB') return explainTidb(session, query);
  if (kind === 'MySQL') {
    const plan = String(await explained(session, 'explain analyze', query));
    return { durationMs: durationOf(plan), rowsExamined: examinedInTree(plan), plan };
  }
  const plan = String(await explained(session, 'analyze format=json', query));
  const rowsExamined = examinedInJson(plan);
  return { durationMs: Number(/"r_total_time_ms": ([\d.]+)/.exec(plan)?.[1] ?? 0), rowsExamined, plan };
}

/** TiDB has a row for each step, and no costs. */
async function explainTidb({ run }: SqlSession, query: Sql): Promise<ReadCost> {
  const steps = await run(sql`explain analyze ${query}`);
  const isRead = ({ id, task }: RawRow) => task !== 'root' && /Scan|Point_?Get/i.test(id ?? '');
  const [, amount = '0', unit = 'ms'] = /^time:([\d.]+)(µs|ms|s)/.exec(steps[0]?.['execution info'] ?? '') ?? [];
  return {
    durationMs: Number(amount) * { µs: 0.001, ms: 1, s: 1000 }[unit as 'µs' | 'ms' | 's'],
    rowsExamined: steps.filter(isRead).reduce((sum, { actRows }) => sum + Number(actRows), 0),
    plan: steps.map(({ id, actRows, 'access object': object }) => `${id} ${actRows} ${object}`).join('\n'),
  };
}

/** `null` where MariaDB wrote a name with quotes in it as it is, which is no JSON. */
function examinedInJson(plan: string): number | null {
  try {
    return Math.round(examinedInNode(JSON.parse(plan)));
  } catch {
    return null;
  }
}

const ACTUAL = /\(actual time=[\d.e+-]+\.\.([\d.e+-]+) rows=([\d.e+-]+) loops=(\d+)\)/;

/** MySQL draws a tree of text whose root says how long all of it took. */
const durationOf = (tree: string): number => Number(ACTUAL.exec(tree)?.[1] ?? 0);

/** The rows of all lines that read a table or an index, rather than what others read. */
function examinedInTree(tree: string): number {
  const sum = tree.split('\n').reduce((total, line) => {
    const [, , rows = 0, loops = 0] = ACTUAL.exec(line) ?? [];
    return / (?:on|over) .*(?:scan|lookup|search)|(?:scan|lookup|search) on /i.test(line) && !/<temporary>/.test(line)
      ? total + Number(rows) * Number(loops)
      : total;
  }, 0);
  return Math.round(sum);
}

/** MariaDB gives each table the rows of one loop and how many loops there were. */
function examinedInNode(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  const { r_rows: rows, r_loops: loops } = node as { readonly r_rows?: unknown; readonly r_loops?: unknown };
  const isTable = 'table_name' in node && typeof rows === 'number' && typeof loops === 'number';
  return Object.values(node).reduce<number>((sum, each) => sum + examinedInNode(each), isTable ? rows * loops : 0);
}
