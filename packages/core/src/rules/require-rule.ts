import { invalidOption } from '../errors.js';
import { STALE_JOB_STATES, type StaleJobState } from '../model.js';
import type { Rule } from '../strategies/rule.js';
import { ageOf, oldSeconds, settledBefore, silentSinceOf } from './limits.js';
import type { Mapped } from './mapped.js';
import { requeueOf } from './requeue.js';
import type { Rules } from './rules.js';

/**
 * Throws `INVALID_OPTION` or `UNSUPPORTED_SCHEMA` where a rule is told something that makes no sense, or that the mapped tables do
 * not have.
 */
export function requireRule(rules: Rules, rule: Rule): void {
  const { mapped } = rules;
  if (rule.name === 'old_job_cleanup') oldSeconds(mapped, rule.maxAgeDays);
  else ageOf(rule);
  switch (rule.name) {
    case 'completed_job_cleanup':
      rules.settled(settledBefore(0n, rule.settleSeconds));
      return;
    case 'stale_reservation_cleanup':
      if (rule.jobStates !== undefined) requireStaleJobStates(mapped, rule.jobStates);
      requeueOf(mapped, rule);
      return;
    case 'stuck_job_cleanup':
      silentSinceOf(0n, mapped, rule.silentMinutes);
      requeueOf(mapped, rule);
      return;
    case 'waiting_job_cleanup':
      rules.createdTime();
      requeueOf(mapped, rule);
      return;
    case 'old_job_cleanup':
      rules.newest();
      return;
    default:
  }
}

function requireStaleJobStates({ jobs: { states } }: Mapped, jobStates: readonly StaleJobState[]): void {
  // Whoever writes no TypeScript may give anything.
  const given: unknown = jobStates;
  const isList = Array.isArray(given) && given.length > 0;
  if (!isList || !given.every((state) => STALE_JOB_STATES.includes(state as StaleJobState)))
    throw invalidOption('jobStates', jobStates, `give a list of ${STALE_JOB_STATES.join(', ')}`);
  for (const state of jobStates) {
    if (!states.has(state))
      throw invalidOption('jobStates', jobStates, `name ${state} in schema.jobs.states, or leave it out`);
    if (!states.isLeft(state, 'FAILED'))
      throw invalidOption('jobStates', jobStates, `say in schema.jobs.states.FAILED.set what tells it from ${state}`);
  }
}
