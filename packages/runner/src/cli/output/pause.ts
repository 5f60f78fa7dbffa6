import type { Pause } from '@jobsweep/core';
import { utc } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';

/** That a strategy is paused, by whom, and until when. */
export const pauseInWords = (strategy: string, { by, until }: Pause, { pause }: Words): string =>
  pause.paused(strategy, by, until === null ? null : utc(until));
