// What variants.test.ts runs in a vitest of its own: the suite on every variant. Most of what is described here fails.

import { memoryStore } from '@jobsweep/core/memory';
import { describe } from 'vitest';
import { describeCleanupStore, describeDriver } from '../../src/index.js';
import { describeService } from '../../src/service/describe-service.js';
import { describeTotals } from '../../src/service/totals.js';
import { useCluster } from '../../src/support/under-test.js';
import { memorySubject } from '../support/memory-subject.js';
import { driverVariants, operationVariants, serviceVariants } from './index.js';

for (const { name, store } of operationVariants) describeCleanupStore(memorySubject(name, store));

// Only the part of the suite that is about them: all of it, for each of them, would be described to be left out.
for (const { name, store } of serviceVariants) {
  describe(name, () => {
    const cluster = useCluster(memorySubject(name, store));
    describeTotals(cluster);
    describeService(cluster);
  });
}

for (const { name, driver } of driverVariants) describeDriver(memorySubject(name, memoryStore, driver));
