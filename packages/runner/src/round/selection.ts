import { type CleanupStrategy, invalidOption, JobsweepError } from '@jobsweep/core';
import type { StrategyReport } from '../turn/report.js';
import type { Words } from '../words/words.js';

/** Which strategies take part in a round. */
export interface Selection {
  /**
   * Only these, by name. Naming a strategy also asks for one that is off by default, but never for one that was
   * switched off with `enabled: false`.
   */
  readonly only?: readonly string[] | undefined;
  /** Only those with any of these tags. */
  readonly tags?: readonly string[] | undefined;
}

type Selectable = Pick<CleanupStrategy<never>, 'name' | 'metadata' | 'enabled'>;

/** Throws `UNKNOWN_STRATEGY` or `INVALID_OPTION` when a name or tag fits no strategy. */
export function checkSelection({ only = [], tags = [] }: Selection, strategies: readonly Selectable[]): void {
  const names = strategies.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new JobsweepError('UNKNOWN_STRATEGY', `There is no strategy ${unknown}. Use one of ${names.join(', ')}.`);
  }
  const known = [...new Set(strategies.flatMap(({ metadata }) => metadata.tags))];
  const wrong = tags.find((tag) => !known.includes(tag));
  if (wrong !== undefined) throw invalidOption('tags', wrong, `use one of ${known.join(', ')}`);
}

/** Whether a strategy takes part when nobody names it. */
export function isEnabled({ metadata, enabled }: Pick<Selectable, 'metadata' | 'enabled'>): boolean {
  return enabled ?? metadata.enabledByDefault;
}

/** Why a strategy takes no part; `undefined` when it does. */
export function leftOut(
  { name, metadata, enabled }: Selectable,
  { only, tags }: Selection,
  words: Words['reasons'],
): Pick<StrategyReport, 'status' | 'reason'> | undefined {
  if (only !== undefined && !only.includes(name)) return { status: 'filtered', reason: words.notNamed };
  if (tags !== undefined && !metadata.tags.some((tag) => tags.includes(tag))) {
    return { status: 'filtered', reason: words.noTags };
  }
  if (enabled === false) return { status: 'disabled', reason: words.switchedOff };
  const asked = enabled ?? (metadata.enabledByDefault || only !== undefined);
  return asked ? undefined : { status: 'disabled', reason: words.offByDefault };
}
