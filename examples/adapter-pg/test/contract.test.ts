import type { ContractSubject } from '@jobsweep/contract';
import { describeDriverOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import type { PgTransaction } from '../src/index.js';
import { openCluster } from './cluster.js';

const database = freshDatabase('adapter-pg');

const subject: ContractSubject<PgTransaction> = {
  name: 'adapter-pg on postgres',
  open: () => openCluster(database.url),
  capabilities: { mapping: false, ids: ['number', 'bigint'] },
  // `pnpm races` runs the randomised races long.
  interleavings: Number(process.env.INTERLEAVINGS ?? 1000),
};

// `describeDriver(subject)` and `describeCleanupStore(subject)`, or the first part of that where a run has to be short.
describeDriverOfRun(subject);
