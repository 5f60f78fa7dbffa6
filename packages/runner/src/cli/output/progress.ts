import type { PassCounts, Wait } from '@jobsweep/core';
import { SingleBar } from 'cli-progress';
import { counted, duration } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';

/** Follows the passes of a round on a terminal. */
export interface Progress {
  /** A pass begins. */
  begin(strategy: string): void;
  /** A batch of the strategy was committed; the counts are those of its pass so far. */
  batch(strategy: string, counts: PassCounts): void;
  /** The pass waits for its probe, or goes on. */
  wait(strategy: string, wait: Wait | null): void;
  /** Takes what was shown away. */
  end(): void;
}

export const noProgress: Progress = { begin() {}, batch() {}, wait() {}, end() {} };

/** How many rows a strategy will look at; `undefined`: more than were counted. */
export type DueOf = (strategy: string) => number | undefined;

/** Where cli-progress clears to the end of a line, one column must stay free. */
const LEAST_COLUMNS = 60;

/** One bar at a time on `stream`, a terminal, with rate and remaining time; gone when its pass is over. */
export function progressBars(stream: NodeJS.WriteStream, dueOf: DueOf, { run, time }: Words): Progress {
  let shown:
    | { readonly strategy: string; readonly bar: SingleBar; readonly sinceMs: number; readonly found: number }
    | undefined;
  const end = () => {
    shown?.bar.stop();
    shown = undefined;
  };
  const begin = (strategy: string, found: number) => {
    end();
    const due = dueOf(strategy);
    const bar = due === undefined ? '' : '{bar} ';
    const of = due === undefined ? '' : ' / {of}';
    const isNarrow = stream.columns < LEAST_COLUMNS;
    const made = new SingleBar({
      stream,
      format: `{name} ${isNarrow ? '' : bar}{done}${of}  {rate}/s  {left}`,
      barsize: Math.max(8, Math.min(28, stream.columns - LEAST_COLUMNS)),
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    });
    made.start(due ?? 1, 0, { name: strategy, done: '0', of: counted(due ?? 0), rate: '-', left: '' });
    shown = { strategy, bar: made, sinceMs: performance.now(), found };
    return shown;
  };
  return {
    begin: (strategy) => void begin(strategy, 0),
    batch(strategy, { itemsFound }) {
      const { bar, sinceMs, found } = shown?.strategy === strategy ? shown : begin(strategy, itemsFound);
      const due = dueOf(strategy);
      const seconds = (performance.now() - sinceMs) / 1000;
      const rate = seconds > 0 ? (itemsFound - found) / seconds : 0;
      const left =
        due === undefined || rate === 0 ? '' : run.left(duration(Math.max(0, due - itemsFound) / rate, time));
      bar.update(due === undefined ? 0 : itemsFound, {
        done: counted(itemsFound),
        rate: rate === 0 ? '-' : counted(Math.round(rate)),
        left,
      });
    },
    wait(strategy, wait) {
      const { bar } = shown?.strategy === strategy ? shown : begin(strategy, 0);
      bar.update({ left: wait === null ? '' : run.waiting(wait.value, wait.above) });
    },
    end,
  };
}
