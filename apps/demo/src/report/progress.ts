import type { PassCounts, StrategyName } from '@jobsweep/core';
import { SingleBar } from 'cli-progress';
import type { Health } from '../check/health.js';

/** Shows on a terminal how far a phase is. */
export interface Progress {
  /** Begins a phase, and ends the one before. `of` is what `reach` counts to, in any unit; without it there is no bar. */
  begin(label: string, of?: number): void;
  reach(done: number): void;
  /** Takes what was shown away. May be repeated. */
  end(): void;
}

export const noProgress: Progress = { begin() {}, reach() {}, end() {} };

/** Bars on `stream`, a terminal; one at a time, gone when it is done. */
export function progressBars(stream: NodeJS.WriteStream, count: (value: number) => string): Progress {
  let bar: SingleBar | undefined;
  const end = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    begin(label, of) {
      end();
      const format = of === undefined ? '{label} …' : '{label} {bar} {done} / {of}';
      bar = new SingleBar({
        stream,
        format,
        barsize: 28,
        clearOnComplete: true,
        hideCursor: true,
        gracefulExit: false,
        barCompleteChar: '█',
        barIncompleteChar: '░',
      });
      bar.start(of ?? 1, 0, { label, done: count(0), of: count(of ?? 0) });
    },
    reach(done) {
      bar?.update(done, { done: count(done) });
    },
    end,
  };
}

/** Follows a pass with a bar for each strategy; what was wrong before says how far there is to go. */
export function passProgress(progress: Progress, before: Health): (strategy: string, counts: PassCounts) => void {
  const due: Readonly<Partial<Record<StrategyName, number>>> = {
    completed_job_cleanup: before.completedJobsWithUnreleasedResources,
    stale_reservation_cleanup: before.staleReservations,
    stuck_job_cleanup: before.stuckJobs,
    old_job_cleanup: before.oldJobs,
  };
  let current: string | undefined;
  return (strategy, { itemsFound }) => {
    if (strategy !== current) progress.begin(strategy, due[strategy as StrategyName]);
    current = strategy;
    progress.reach(itemsFound);
  };
}
