import type { CleanupRow, CleanupStore, CleanupStrategy, PassCounts, PassOptions } from '@jobsweep/core';
import type { DatabaseClock } from './database-clock.js';
import type { Emitter } from './emitter.js';
import type { RunnerOptions } from './options.js';

/** What tells the events of a pass. */
export interface PassEvents {
  readonly emitter: Emitter;
  readonly clock: DatabaseClock;
  readonly store: Pick<CleanupStore<never>, 'inspect'>;
  readonly options: Pick<RunnerOptions<never>, 'onRepaired' | 'onBatch'>;
}

/** The callbacks of a pass: events first, then those that the runner was given. */
export function passCallbacks(
  strategy: CleanupStrategy<never>,
  { emitter, clock, store, options }: PassEvents,
): Required<Pick<PassOptions, 'onRepaired' | 'onBatch'>> {
  const { name } = strategy;
  return {
    async onRepaired(rows: readonly CleanupRow[]) {
      if (emitter.hasListeners('repaired')) {
        const now = await clock.refresh(store).then(
          () => clock.now(),
          () => undefined,
        );
        const dueSeconds = now === undefined ? [] : secondsDue(strategy, rows, now);
        emitter.emit('repaired', { strategy: name, rows, dueSeconds });
      }
      await options.onRepaired?.(name, rows);
    },
    onBatch(counts: PassCounts, durationMs: number) {
      emitter.emit('batch', { strategy: name, counts, durationMs });
      return options.onBatch?.(name, counts);
    },
  };
}

function secondsDue(strategy: CleanupStrategy<never>, rows: readonly CleanupRow[], now: Date): number[] {
  return rows.flatMap((row) => {
    const since = strategy.dueSince?.(row) ?? null;
    return since === null ? [] : [Math.max(0, (now.getTime() - since.getTime()) / 1000)];
  });
}
