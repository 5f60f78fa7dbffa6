import type { ContractSubject } from '@jobsweep/contract';
import { describeSuiteOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import type { PgTransaction } from '../src/index.js';
import { openCluster } from './cluster.js';

const database = freshDatabase('adapter-pg');

const subject: ContractSubject<PgTransaction> = {
  name: 'adapter-pg on postgres',
  open: () => openCluster(database.url),
  capabilities: { mapping: false, filters: false, ids: ['number', 'bigint'], pieces: false },
  // `pnpm races` runs the randomised races long.
  interleavings: Number(process.env.INTERLEAVINGS ?? 1000),
};

// `describeCleanupStore(subject)`, or its first part alone where a run has to be short.
describeSuiteOfRun(subject);
