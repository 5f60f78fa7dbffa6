import type { UnknownState } from '@jobsweep/core';
import type { Told } from '../connection/fitting-schema.js';
import { wordsOf } from '../words/words.js';
import { countedUpTo } from './check.js';

/** Where a state is mapped. */
export const stateOption = ({ table }: UnknownState, { root = '' }: Told = {}): string =>
  `${root}schema.${table === 'jobs' ? 'jobs.states' : 'allocations.statuses'}`;

/** A state that nobody mapped, and what to do about it. */
export function unknownStateInWords(state: UnknownState, told: Told = {}): { problem: string; fix: string } {
  const words = wordsOf(told.locale).doctor;
  const { value = null, rows, meets } = state;
  const option = stateOption(state, told);
  if (meets !== undefined) return words.untoldState(rows, countedUpTo(rows), meets, option);
  if (rows === 0) return words.unusedState(value ?? 'NULL', option);
  return words.unknownState(rows, countedUpTo(rows), value, option);
}
