import pg from 'pg';
import type { Act, Contender, Opening } from '../../contender.js';
import { contenderByHand, type Step } from '../steps.js';
import { fail } from './fail.js';
import { PROBES } from './probes.js';
import { purge } from './purge.js';
import { release } from './release.js';
import type { Rows } from './rows.js';
import { stale } from './stale.js';

/** One round trip: everything that bounds the transaction. */
const BEGIN = `begin isolation level read committed; set local statement_timeout = '30s';
  set local lock_timeout = '5s'; set local idle_in_transaction_session_timeout = '60s'`;

/** The protocol on `pg`, as lean as one can write it: what a page found is locked, looked at again, and written with its guard. */
export async function postgresByHand({ url, hasLogs }: Opening): Promise<Contender> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const rows: Rows = async (text, ...values) =>
    (await client.query<string[]>({ text, values: [...values], rowMode: 'array' })).rows;
  const steps: Record<Act, Step> = {
    purge: purge(rows, hasLogs),
    release: release(rows),
    stale: stale(rows),
    fail: fail(rows),
  };
  return contenderByHand({
    steps,
    probes: PROBES,
    hasLogs,
    begin: () => client.query(BEGIN),
    commit: () => client.query('commit'),
    rows,
    close: () => client.end(),
  });
}
