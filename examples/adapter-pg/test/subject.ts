import type { ContractSubject } from '@jobsweep/contract';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import type { PgTransaction } from '../src/index.js';
import { openCluster } from './cluster.js';

/** What the suite runs on, with a database for the test file around. */
export function useSubject(): ContractSubject<PgTransaction> {
  const database = freshDatabase('adapter-pg');
  return {
    name: 'adapter-pg on postgres',
    open: () => openCluster(database.url),
    capabilities: { mapping: false, ids: ['number', 'bigint'] },
    // `pnpm races` runs the randomised races long.
    interleavings: Number(process.env.INTERLEAVINGS ?? 1000),
  };
}
