import { describeCleanupStore } from '@jobsweep/contract';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { openCluster } from './cluster.js';

const database = freshDatabase('adapter-pg');

describeCleanupStore({
  name: 'adapter-pg on postgres',
  open: () => openCluster(database.url),
  capabilities: { mapping: false, filters: false, ids: ['number', 'bigint'] },
  // `pnpm races` runs the randomised races long.
  interleavings: Number(process.env.INTERLEAVINGS ?? 1000),
});
