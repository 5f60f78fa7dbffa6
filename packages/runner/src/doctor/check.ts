import type { CleanupStore, CleanupStrategy, Probe, Rule, StoreDiagnosis } from '@jobsweep/core';
import type { Told } from '../connection/fitting-schema.js';
import type { MultiWriter } from '../options.js';
import { counted } from '../words/numbers.js';
import type { Words } from '../words/words.js';
import type { CheckName, Diagnosis, Finding } from './diagnosis.js';

/** What checks find besides findings. */
export type Facts = Partial<Omit<Diagnosis, 'ok' | 'versions' | 'checks' | 'findings'>>;

/** A strategy that has its turns, with its rule. */
export type RuledStrategy = CleanupStrategy<unknown> & { readonly rule: Rule };

/** What a check can ask. */
export interface CheckContext {
  readonly store: CleanupStore<unknown>;
  readonly diagnosis: StoreDiagnosis | undefined;
  /** The name of the config. */
  readonly config: string;
  /** Those that are on. */
  readonly strategies: readonly RuledStrategy[];
  readonly multiWriter: MultiWriter;
  /** Whether jobsweep's own tables are to be used. */
  readonly probe: Probe | undefined;
  readonly usesOwnTables: boolean;
  readonly applyIndexes: boolean;
  readonly measure: boolean;
  readonly told: Told;
  readonly words: Words['doctor'];
  readonly signal: AbortSignal | undefined;
  /** Of the checks before. */
  readonly facts: Facts;
}

/** What a check came to. `summary` is said when nothing was found. */
export interface CheckOutcome {
  readonly summary: string;
  readonly findings?: readonly Omit<Finding, 'check'>[];
  readonly facts?: Facts;
  /** Nothing can be read by this mapping. */
  readonly isUnreadable?: boolean;
  /** There was nothing to ask. */
  readonly isSkipped?: boolean;
}

export interface Check {
  readonly name: CheckName;
  /** It reads the mapped tables: pointless where these do not fit. */
  readonly needsTables: boolean;
  run(context: CheckContext): Promise<CheckOutcome>;
}

/** What a check says when the adapter cannot be asked. */
export const noDiagnosis = ({ words }: CheckContext): CheckOutcome => ({ summary: words.cannotTell, isSkipped: true });

/** Whether jobsweep's own tables are used, and there. */
export const hasOwnTables = ({ ownTables = [] }: Facts): boolean =>
  ownTables.length > 0 && ownTables.every(({ exists }) => exists);

/** Counting stops there, and is said with a plus. */
export const COUNT_AT_MOST = 10_000;
export const countedUpTo = (rows: number): string => counted(rows, rows >= COUNT_AT_MOST);
