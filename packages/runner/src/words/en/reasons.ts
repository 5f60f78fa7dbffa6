import type { Rule } from '@jobsweep/core';

const POPULATION: Record<Rule['name'], string> = {
  completed_job_cleanup: 'unreleased allocations',
  stale_reservation_cleanup: 'RUNNING jobs',
  stuck_job_cleanup: 'RUNNING jobs',
  old_job_cleanup: 'finished jobs',
  orphaned_allocation_cleanup: 'unreleased allocations',
  waiting_job_cleanup: 'jobs that never started',
};

/** Why a strategy had no turn, or what is to be known of its pass: in reports and in the history. */
export const reasons = {
  abortedInTurn: 'The round was aborted in its turn',
  abortedBefore: 'The round was aborted before its turn',
  stoppedBefore: 'The runner was stopped before its turn',
  stoppedAsking: 'Stopped while it asked for its turn',
  dependsOn: (culprit: string, status: string) => `${culprit}, which it depends on, ${status} in this round`,
  busy: 'This runner is in the middle of its turn',
  held: (holder: string) => `${holder} has its turn`,
  notDue: (seconds: number) => `Another runner had its turn, the next one is due in ${seconds} s`,
  paused: (by: string, until: string | null) => `Paused by ${by}${until === null ? '' : ` until ${until} UTC`}`,
  observed: (rows: string) => `Observes only, ${rows} would have been repaired`,
  notNamed: 'Not named in `only`',
  noTags: 'Has none of the `tags`',
  switchedOff: 'Switched off by `enabled: false`',
  offByDefault: 'Off by default: set `enabled: true`, or name it in `only`',
  tripped: (figures: string) => `Breaker tripped: ${figures}`,
  approved: (rows: number, figures: string) => `Breaker approved for ${rows} rows: ${figures}`,
  overridden: (figures: string) => `Breaker overridden: ${figures}`,
  figures: (due: string, population: string, rule: Rule['name'], percent: number) =>
    `${due} of ${population} ${POPULATION[rule]} are due, and ${percent} % may be`,
  unconfirmed: (count: number) => `${count} not confirmed`,
  waited: (seconds: number) => `waited ${seconds} s for the probe`,
  holding: (count: number) => `${count} jobs still hold allocations or are kept`,
};
