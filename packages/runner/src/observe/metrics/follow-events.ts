import type { PassCounts } from '@jobsweep/core';
import type { PassEndEvent, PassStartEvent, RepairedEvent } from '../../turn/events.js';
import type { ObservableRunner } from '../observable.js';
import type { Instruments } from './instruments.js';
import {
  CLAIM_LABELS,
  ERROR_LABELS,
  errorLabel,
  labelOf,
  OUTCOME_LABELS,
  OUTCOMES,
  STATUS_LABELS,
  STOP_REASON_LABELS,
} from './labels.js';

const NOTHING: PassCounts = {
  itemsCleaned: 0,
  itemsFound: 0,
  itemsContended: 0,
  itemsPassedOver: 0,
  itemsBlocked: 0,
  itemsUnknown: 0,
  batches: 0,
};

/** Deleting a finished job gives no resource back. */
const HOLDS_NOTHING: readonly string[] = ['old_job_cleanup'];

/** Counts what a runner tells. Returns what ends it. */
export function followEvents(runner: ObservableRunner, instruments: Instruments): () => void {
  /** The part of the pass in hand that was counted already: a long pass is seen while it runs. */
  const counted = new Map<string, PassCounts>();
  startAtZero(runner, instruments);

  function countTo(strategy: string, counts: PassCounts): void {
    const before = counted.get(strategy) ?? NOTHING;
    for (const outcome of OUTCOME_LABELS) {
      const field = OUTCOMES[outcome];
      instruments.items.inc({ strategy, outcome }, Math.max(0, counts[field] - before[field]));
    }
    instruments.batches.inc({ strategy }, Math.max(0, counts.batches - before.batches));
    counted.set(strategy, counts);
  }

  const ends = [
    runner.on('pass:start', (event) => {
      counted.delete(event.strategy);
      countStart(event, instruments);
    }),
    runner.on('batch', ({ strategy, counts, durationMs }) => {
      countTo(strategy, counts);
      instruments.batchDuration.observe({ strategy }, durationMs / 1000);
    }),
    runner.on('wait', ({ strategy, wait }) => {
      instruments.waiting.set({ strategy }, wait === null ? 0 : 1);
      if (typeof wait?.value === 'number') instruments.probe.set(wait.value);
    }),
    runner.on('repaired', (event) => countRepaired(event, instruments)),
    runner.on('pass:end', (event) => {
      const { pass } = event.report;
      if (pass !== undefined) countTo(event.strategy, pass);
      counted.delete(event.strategy);
      countEnd(event, instruments);
    }),
    runner.on('error', ({ error }) => instruments.errors.inc({ code: errorLabel(error) })),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** A counter that appears with its first event hides that event from `rate` and `increase`. */
function startAtZero({ strategies }: ObservableRunner, instruments: Instruments): void {
  instruments.probe.remove();
  for (const code of ERROR_LABELS) instruments.errors.inc({ code }, 0);
  for (const { name: strategy } of strategies) {
    for (const status of STATUS_LABELS) instruments.turns.inc({ strategy, status }, 0);
    for (const stop_reason of STOP_REASON_LABELS) instruments.passes.inc({ strategy, stop_reason }, 0);
    for (const outcome of OUTCOME_LABELS) instruments.items.inc({ strategy, outcome }, 0);
    for (const outcome of CLAIM_LABELS) instruments.claims.inc({ strategy, outcome }, 0);
    for (const status of ['skipped', 'done', 'failed']) instruments.passDuration.zero({ strategy, status });
    instruments.waiting.set({ strategy }, 0);
    instruments.waited.inc({ strategy }, 0);
    instruments.batches.inc({ strategy }, 0);
    instruments.batchDuration.zero({ strategy });
    instruments.timeToHeal.zero({ strategy });
    if (!HOLDS_NOTHING.includes(strategy)) instruments.leaked.inc({ strategy }, 0);
  }
}

function countStart({ strategy, claim }: PassStartEvent, { claims }: Instruments): void {
  if (claim !== null) claims.inc({ strategy, outcome: claim.lapsed === null ? 'acquired' : 'taken_over' });
}

function countRepaired({ strategy, dueSeconds }: RepairedEvent, { timeToHeal, leaked }: Instruments): void {
  let sum = 0;
  for (const seconds of dueSeconds) {
    timeToHeal.observe({ strategy }, Math.max(0, seconds));
    sum += Math.max(0, seconds);
  }
  if (!HOLDS_NOTHING.includes(strategy)) leaked.inc({ strategy }, sum);
}

function countEnd({ strategy, report }: PassEndEvent, instruments: Instruments): void {
  const { status, pass } = report;
  instruments.turns.inc({ strategy, status: labelOf(status) });
  if (status === 'claimed') instruments.claims.inc({ strategy, outcome: 'held' });
  if (pass === undefined) return;
  const { stopReason } = pass;
  instruments.waiting.set({ strategy }, 0);
  instruments.waited.inc({ strategy }, pass.waitedMs / 1000);
  instruments.passes.inc({ strategy, stop_reason: labelOf(stopReason) });
  instruments.passDuration.observe({ strategy, status: pass.status }, pass.durationMs / 1000);
  if (stopReason === 'claimLost') instruments.claims.inc({ strategy, outcome: 'lost' });
  const succeeded = pass.status !== 'failed' && !['aborted', 'tripped', 'claimLost'].includes(stopReason);
  if (succeeded) instruments.lastSuccess.set({ strategy }, Date.now() / 1000);
}
