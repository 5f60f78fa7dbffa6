import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { describeHeartbeat } from './filters/heartbeat.js';
import { describeKeepNewest } from './filters/keep-newest.js';
import { describeLargest } from './filters/largest.js';
import { describeOwnLimits } from './filters/own-limits.js';
import { describeRetention } from './filters/retention.js';
import { describeWhichJobs } from './filters/which-jobs.js';

/** Filters belong to the store: every operation that it has follows them, reads and writes alike. */
export function describeFilters<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  describe('filters', () => {
    describeWhichJobs(cluster);
    describeOwnLimits(cluster);
    describeRetention(cluster);
    describeKeepNewest(cluster);
    describeHeartbeat(cluster);
    describeLargest(cluster);

    test('that make no sense are refused when the store is made', () => {
      const open = () => cluster.store({ filters: { scope: { tenant: [] } } });
      expect(open).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    });
  });
}
