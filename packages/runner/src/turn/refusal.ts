import type { ClaimAnswer } from '@jobsweep/core';
import { utc } from '../words/numbers.js';
import type { Words } from '../words/words.js';
import type { Turn } from './turn.js';

/** How often a runner looks whether a paused strategy may go on, where that is not sooner. */
const PAUSED_LOOK_SECONDS = 60;

/** A turn that nobody got, and when to ask again. */
export interface Refusal {
  readonly turn: Turn;
  readonly againInSeconds: number;
}

/** What to say where a turn was asked for and refused. */
export function refusalOf(
  answer: Exclude<ClaimAnswer, { readonly outcome: 'claimed' }>,
  words: Words['reasons'],
): Refusal {
  switch (answer.outcome) {
    case 'held':
      return { turn: { status: 'claimed', reason: words.held(answer.holder) }, againInSeconds: answer.freeInSeconds };
    case 'notDue': {
      const reason = words.notDue(Math.ceil(answer.dueInSeconds));
      return { turn: { status: 'notDue', reason }, againInSeconds: answer.dueInSeconds };
    }
    case 'paused': {
      const { by, until } = answer.pause;
      const leftSeconds = until === null ? PAUSED_LOOK_SECONDS : (until.getTime() - answer.now.getTime()) / 1000;
      const reason = words.paused(by, until && utc(until));
      return { turn: { status: 'paused', reason }, againInSeconds: Math.min(PAUSED_LOOK_SECONDS, leftSeconds) };
    }
  }
}
