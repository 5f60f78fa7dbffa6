import type { ConnectionOptions, OpenedStore } from '@jobsweep/core';
import { Pool } from 'pg';
import { type PgStoreOptions, pgStore } from './pg-store.js';
import type { PgTransaction } from './pg-transaction.js';

/** For whoever has a URL and no pool: the command line, and the suite's other processes. */
export async function openStore(
  { url, poolSize = 5 }: ConnectionOptions,
  options?: PgStoreOptions,
): Promise<OpenedStore<PgTransaction>> {
  const pool = new Pool({ connectionString: url, max: poolSize });
  // An idle connection that the server ends is replaced by another one.
  pool.on('error', () => undefined);
  return { store: pgStore(pool, options), close: () => pool.end() };
}
