import type { Rule } from '@jobsweep/core';

/** The age in seconds at which rows of a rule become due; 0 where it looks at no age. */
export function ruleAgeSeconds(rule: Rule): number {
  switch (rule.name) {
    case 'completed_job_cleanup':
      return rule.settleSeconds ?? 0;
    case 'stale_reservation_cleanup':
    case 'orphaned_allocation_cleanup':
      return rule.maxAgeMinutes * 60;
    case 'stuck_job_cleanup':
      return rule.maxAgeHours * 3600;
    case 'old_job_cleanup':
    case 'waiting_job_cleanup':
      return (rule.maxAgeDays ?? 0) * 86_400;
  }
}
