import type { PassAnswer, Sent } from '../../src/api/shapes.js';
import type { Speech } from '../words/words.js';

export type Pass = Sent<PassAnswer>['pass'];

/** What operators do is in the history as well. */
export const isByOperator = ({ stopReason }: Pass): boolean =>
  ['approved', 'paused', 'resumed', 'undone', 'restored'].includes(stopReason);

/** What a pass did, in a few words. */
export function passText(pass: Pass, { words, format }: Speech): string {
  const { strategy, stopReason, itemsCleaned, itemsBlocked, itemsContended, itemsUnknown, status } = pass;
  if (stopReason === 'observed') return words.wouldHave(format.number(pass.itemsFound));
  if (stopReason === 'undone' || stopReason === 'restored') return words.tookBack(format.number(itemsCleaned));
  if (isByOperator(pass)) return words.stopReasons[stopReason] ?? stopReason;
  const did = words.did[strategy] ?? words.repaired;
  const of = (rows: number, say: (rows: string) => string) => (rows > 0 ? [say(format.number(rows))] : []);
  const parts = [
    ...(stopReason === 'tripped' ? [words.verdicts.tripped] : []),
    ...(status === 'failed' ? [words.failedPass] : []),
    ...of(itemsCleaned, did),
    ...of(itemsBlocked, words.refused),
    ...of(itemsContended, words.contended),
    ...of(itemsUnknown, words.unknownRows),
  ];
  return parts.length === 0 ? did(format.number(0)) : words.list(parts);
}

/** How it went, for the sign before it. */
export function passLevel({ status, stopReason, itemsBlocked, itemsUnknown }: Pass): 'bad' | 'warn' | 'good' | 'note' {
  if (status === 'failed' || stopReason === 'tripped') return 'bad';
  if (itemsBlocked > 0 || itemsUnknown > 0 || stopReason === 'claimLost') return 'warn';
  return ['approved', 'paused', 'resumed', 'observed', 'undone', 'restored'].includes(stopReason) ? 'note' : 'good';
}
