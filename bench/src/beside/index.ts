import type { Worker } from '../contender.js';
import type { Adapter } from '../jobsweep.js';
import type { Stage } from '../stage.js';
import { knexRows } from './knex-rows.js';
import { mongooseRows } from './mongoose-rows.js';
import { singleStatement, unguardedLoop } from './plain-statements.js';
import { typeormRows } from './typeorm-rows.js';

/** Row by row takes a hundred times as long: it gets so many times fewer rows, of smaller tables. */
const PART = 50;

/** Someone who does the work without the protocol. */
interface Beside {
  readonly worker: Worker;
  /** Rows that are due. */
  readonly rows: number;
}

const ROW_BY_ROW: Readonly<Record<Adapter, (url: string) => Promise<Worker>>> = {
  knex: knexRows,
  typeorm: typeormRows,
  mongoose: mongooseRows,
};

/** What people do without jobsweep, by name: not what jobsweep is held against, but what it is instead of. */
export async function besides({ engine, adapters, rows }: Stage, url: string): Promise<Map<string, Beside>> {
  const all = new Map<string, Beside>();
  if (engine !== 'mongodb') {
    all.set('single statement', { worker: await singleStatement(url), rows });
    all.set('unguarded loop', { worker: await unguardedLoop(url), rows });
  }
  for (const adapter of adapters) {
    all.set(`${adapter} row by row`, { worker: await ROW_BY_ROW[adapter](url), rows: Math.ceil(rows / PART) });
  }
  return all;
}
