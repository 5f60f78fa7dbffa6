import type { StaleJobState } from '../model.js';
import type { StrategyName } from './names.js';
import type { RequeueOption } from './requeue.js';

/** The rule of one strategy. */
export type RuleOf<Name extends Rule['name']> = Extract<Rule, { readonly name: Name }>;

/** The condition of one of jobsweep's own strategies, with its limit: what `inspect` looks at without running anything. */
export type Rule =
  | { readonly name: 'completed_job_cleanup'; readonly settleSeconds?: number | undefined }
  | {
      readonly name: 'stale_reservation_cleanup';
      readonly maxAgeMinutes: number;
      readonly jobStates?: readonly StaleJobState[] | undefined;
      readonly requeue?: RequeueOption | undefined;
    }
  | {
      readonly name: 'stuck_job_cleanup';
      readonly maxAgeHours: number;
      readonly silentMinutes?: number | undefined;
      readonly requeue?: RequeueOption | undefined;
    }
  | { readonly name: 'old_job_cleanup'; readonly maxAgeDays: number | null }
  | { readonly name: 'orphaned_allocation_cleanup'; readonly maxAgeMinutes: number }
  | {
      readonly name: 'waiting_job_cleanup';
      readonly maxAgeDays: number;
      readonly requeue?: RequeueOption | undefined;
    };

/** The name of a strategy, for which its rule may stand. */
export const ruleName = (rule: StrategyName | Rule): StrategyName => (typeof rule === 'string' ? rule : rule.name);
