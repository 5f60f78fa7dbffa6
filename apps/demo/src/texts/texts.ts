import type { Locale, StopReason } from '@jobsweep/core';
import type { StrategyStatus } from '@jobsweep/runner';
import type { Health } from '../check/health.js';
import type { Violation } from '../check/judge.js';
import type { SurvivorKind } from '../damage/plan.js';
import type { Problem } from '../errors.js';
import type { SkipReason } from '../swf/skips.js';

/** Names of the command's options, without dashes. */
export type OptionName =
  | 'adapter'
  | 'database'
  | 'trace'
  | 'rows'
  | 'seed'
  | 'leaked-percent'
  | 'reservations'
  | 'stale-percent'
  | 'long-jobs'
  | 'long-days'
  | 'healthy-jobs'
  | 'sibling-jobs'
  | 'requeued-jobs'
  | 'purge'
  | 'undo'
  | 'keep'
  | 'json'
  | 'locale'
  | 'verbose'
  | 'help';

type PhaseName = 'read' | 'import' | 'index' | 'damage' | 'snapshot' | 'check';

/** What became of a strategy: the runner's word for it, or why its pass stopped early. */
export type OutcomeName = StrategyStatus | Exclude<StopReason, 'drained'>;

/** Everything that the demo says, in one language. Numbers come in as text, ready to show. */
export interface DemoTexts {
  readonly locale: Locale;
  readonly help: {
    readonly summary: string;
    readonly usageTitle: string;
    readonly optionsTitle: string;
    readonly examplesTitle: string;
    readonly byDefault: (value: string) => string;
    readonly options: Readonly<Record<OptionName, string>>;
    readonly examples: readonly (readonly [command: string, meaning: string])[];
  };
  readonly problem: (problem: Problem) => string;
  readonly stopped: string;
  readonly failed: (reason: string) => string;

  readonly title: (server: string, source: string, library: string) => string;
  readonly phases: Readonly<Record<PhaseName, string>> & { readonly server: (title: string) => string };
  readonly headings: Readonly<Record<'log' | 'damage' | 'cleanup' | 'health' | 'before' | 'after' | 'next', string>>;
  readonly period: (from: string, to: string) => string;
  readonly imported: (jobs: string, repetitions: string) => string;
  readonly moved: string;
  readonly skipped: (lines: string) => string;
  readonly skip: (line: string, reason: SkipReason) => string;
  readonly moreSkips: (lines: string) => string;
  readonly damaged: (counts: Readonly<Record<'leaked' | 'stale' | 'stuck', string>>, seed: number) => string;
  readonly health: Readonly<Record<keyof Health, string>>;
  readonly survive: string;
  readonly survivors: Readonly<Record<SurvivorKind, string>>;
  readonly outcomes: Readonly<Record<OutcomeName, string>>;
  readonly cleaned: (items: string) => string;
  readonly batches: (batches: string) => string;
  readonly offUnlessPurge: string;
  readonly untouched: (rows: string) => string;
  readonly touched: (rows: string) => string;
  readonly violation: Readonly<Record<Violation['what'], (table: string, id: string) => string>>;
  readonly undone: (rows: string, stuckJobs: string) => string;
  readonly notUndone: (stuckJobs: string, before: string) => string;
  readonly notClean: string;
  readonly kept: string;
  readonly toStop: string;
  readonly page: string;
  readonly next: readonly (readonly [command: string, meaning: string])[];
}
