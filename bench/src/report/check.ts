import { verdicts } from '../results/bounds.js';
import type { Result } from '../results/result.js';
import { interval } from './words.js';

/** A line for each bound that the results say something of, and how many are not reached. */
export function check(results: readonly Result[]): { readonly lines: readonly string[]; readonly below: number } {
  const all = verdicts(results);
  const below = all.filter(({ holds }) => !holds).length;
  const lines = all.map(
    (verdict) =>
      `${verdict.holds ? 'holds' : 'BELOW'}  ${verdict.of}: ${interval(verdict.interval)} ${verdict.what}, ${verdict.limit}`,
  );
  return { lines: [...lines, `${below} below bound`], below };
}
