import { connectPlain } from '@jobsweep/test-engines';
import type { Contender, Opening } from '../contender.js';
import { serverCounts } from '../cost/server-counts.js';
import { startTap } from '../cost/tap.js';
import { contentOf, MASS, type Mass } from '../facts.js';
import { byHand } from '../hand/by-hand.js';
import { jobsweep } from '../jobsweep.js';
import { HAND } from '../results/result.js';
import type { Measure } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

/** What one row costs. */
interface Cost {
  readonly roundTrips: number;
  readonly bytes: number;
  readonly logBytes: number;
  readonly rowsRead: number;
}

const UNITS = {
  roundTrips: 'round trips/row',
  bytes: 'bytes/row on the wire',
  logBytes: 'bytes/row of WAL or redo',
  rowsRead: 'rows read/row',
} as const satisfies Record<keyof Cost, string>;

/** What a changed row costs besides time. It is the same each time, so once is enough. */
export const cost: Measure = async function* (stage) {
  const { engine, adapters, rows } = stage;
  const url = await stage.database();
  const opens = new Map<string, (opening: Opening) => Promise<Contender>>([
    [HAND, (opening) => byHand(engine, opening)],
    ...adapters.map((adapter) => [adapter, (opening: Opening) => jobsweep(adapter, opening)] as const),
  ]);
  for (const facts of [MASS.purge, MASS.release, MASS.stale, MASS.fail]) {
    const costs: [string, Cost][] = [];
    for (const [who, open] of opens) costs.push([who, await costOf(url, facts, rows, open)]);
    for (const [name, unit] of Object.entries(UNITS)) {
      const round = Object.fromEntries(costs.map(([who, each]) => [who, each[name as keyof Cost]]));
      yield { workload: `cost of ${facts.act}`, rows, unit, rounds: [round] };
    }
  }
};

async function costOf(
  url: string,
  { act, due }: Mass,
  rows: number,
  open: (opening: Opening) => Promise<Contender>,
): Promise<Cost> {
  await tablesOf(url).make(contentOf(due, rows), new Date());
  const [sql, tap] = [await connectPlain(url), await startTap(url)];
  try {
    const isMysql = url.startsWith('mysql:');
    const before = await serverCounts(sql, isMysql);
    const contender = await open({ url: tap.url, hasLogs: false });
    await contender.drain(act);
    const { bytes, roundTrips } = tap.traffic();
    await contender.close();
    const { logBytes, rowsRead } = await serverCounts(sql, isMysql);
    return {
      roundTrips: roundTrips / rows,
      bytes: bytes / rows,
      logBytes: (logBytes - before.logBytes) / rows,
      rowsRead: (rowsRead - before.rowsRead) / rows,
    };
  } finally {
    await tap.close();
    await sql.close();
  }
}
