import type { StrategyName } from './names.js';
import type { StrategyMetadata } from './strategy.js';

/** The fixed part of a strategy: what a runner knows about it. */
export interface StrategyDefinition {
  readonly name: string;
  /** May hold placeholders for the strategy's limits. Default: the text of `name` in the preset. */
  readonly description?: string;
  readonly intervalSeconds: number;
  readonly metadata: StrategyMetadata;
}

/** The fixed part of each strategy. */
export const definitions: Readonly<Record<StrategyName, StrategyDefinition>> = {
  completed_job_cleanup: {
    name: 'completed_job_cleanup',
    intervalSeconds: 5,
    metadata: {
      priority: 1,
      dependsOn: [],
      tags: ['critical', 'resource'],
      timeoutSeconds: 60,
      enabledByDefault: true,
    },
  },
  stale_reservation_cleanup: {
    name: 'stale_reservation_cleanup',
    intervalSeconds: 120,
    metadata: {
      priority: 2,
      dependsOn: ['completed_job_cleanup'],
      tags: ['critical', 'resource'],
      timeoutSeconds: 120,
      enabledByDefault: true,
    },
  },
  stuck_job_cleanup: {
    name: 'stuck_job_cleanup',
    intervalSeconds: 3600,
    metadata: {
      priority: 3,
      dependsOn: ['completed_job_cleanup'],
      tags: ['maintenance'],
      timeoutSeconds: 300,
      enabledByDefault: true,
    },
  },
  old_job_cleanup: {
    name: 'old_job_cleanup',
    intervalSeconds: 86_400,
    metadata: {
      priority: 4,
      dependsOn: [],
      tags: ['maintenance', 'optional'],
      // Long enough for some hundred million rows at the measured rate, and over long before the next pass is due.
      timeoutSeconds: 3600,
      enabledByDefault: false,
    },
  },
  waiting_job_cleanup: {
    name: 'waiting_job_cleanup',
    intervalSeconds: 3600,
    metadata: {
      priority: 6,
      dependsOn: [],
      tags: ['maintenance', 'optional'],
      timeoutSeconds: 300,
      enabledByDefault: false,
    },
  },
  orphaned_allocation_cleanup: {
    name: 'orphaned_allocation_cleanup',
    intervalSeconds: 3600,
    metadata: {
      priority: 5,
      dependsOn: [],
      tags: ['maintenance', 'optional'],
      timeoutSeconds: 300,
      enabledByDefault: false,
    },
  },
};
