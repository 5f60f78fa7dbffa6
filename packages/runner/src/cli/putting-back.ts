import { type PassResult, visible } from '@jobsweep/core';
import type { OperatorPassRequest } from '../undo/operator-pass.js';
import { interval } from '../words/numbers.js';
import type { Context } from './context.js';
import { CommandError } from './exit.js';
import type { Output } from './output/output.js';

type Telling = Required<Pick<OperatorPassRequest, 'onPaused' | 'onWait'>>;

/**
 * Runs what puts something back, and tells meanwhile whose turn is waited for. Where it fails or is interrupted before its pass,
 * tells that the strategy stays paused. Throws `CLAIM_LOST` where the turn is not given back.
 */
export async function puttingBack<Done extends object>(
  { output }: Context,
  { strategy, json }: { readonly strategy: string; readonly json?: true | undefined },
  run: (telling: Telling) => Promise<Done | { readonly holder: string }>,
): Promise<Done> {
  const { undo: words, time } = output.words;
  const nameOf = (holder: string) => (holder === 'unknown' ? words.another : holder);
  let isPaused = false;
  const done = await run({
    onPaused() {
      isPaused = true;
    },
    onWait: ({ holder, atMostSeconds }) =>
      output.warn(
        words.waiting(strategy, json ? nameOf(holder) : visible(nameOf(holder)), interval(atMostSeconds, time)),
        json,
      ),
  }).catch((error: unknown) => {
    if (isPaused) output.warn(words.paused(strategy), json);
    throw error;
  });
  if ('holder' in done) throw new CommandError('CLAIM_LOST', words.held(strategy, nameOf(done.holder)));
  return done;
}

/** That a pass did not come to its end, where it did not. */
export function sayUnfinished(output: Output, { stopReason, error }: Pick<PassResult, 'stopReason' | 'error'>): void {
  const words = output.words.undo;
  if (stopReason === 'aborted') output.tell(words.interrupted);
  else if (!['drained', 'blocked'].includes(stopReason)) output.tell(words.unfinished(error?.message ?? stopReason));
}
