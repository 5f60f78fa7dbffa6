import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { checkConfigName, DEFAULT_CONFIG, invalidOption, type KeptChanges } from '@jobsweep/core';
import { MULTI_WRITER, type MultiWriter, type RunnerOptions } from './options.js';
import { type RunnerTiming, systemTiming } from './timing.js';
import { type Words, wordsOf } from './words/words.js';

/** How a runner works, with nothing left open: `RunnerOptions` without what it works on. */
export interface RunnerSettings {
  readonly name: string;
  readonly concurrency: number;
  readonly jitter: number;
  readonly graceSeconds: number;
  readonly claims: 'auto' | 'required' | 'off';
  readonly termSeconds: number;
  readonly historyDays: number;
  readonly changes: KeptChanges;
  readonly changesDays: number;
  readonly multiWriter: MultiWriter;
  readonly timing: RunnerTiming;
  /** What is said in reports and the history. */
  readonly words: Words['reasons'];
  readonly host: string;
  readonly holder: string;
}

const CLAIMS = ['auto', 'required', 'off'] as const;

/** Fills in the defaults. Throws `INVALID_OPTION` for a value out of its range. */
export function runnerSettings(options: Omit<RunnerOptions<never>, 'store' | 'strategies'>): RunnerSettings {
  const host = hostname();
  const settings: RunnerSettings = {
    name: options.name ?? DEFAULT_CONFIG,
    concurrency: options.concurrency ?? 2,
    jitter: options.jitter ?? 0.1,
    graceSeconds: options.graceSeconds ?? 30,
    claims: options.claims ?? 'auto',
    termSeconds: options.termSeconds ?? 60,
    historyDays: options.historyDays ?? 90,
    changes: options.changes ?? true,
    changesDays: options.changesDays ?? 30,
    multiWriter: options.multiWriter ?? 'refused',
    timing: options.timing ?? systemTiming,
    words: wordsOf(options.locale).reasons,
    host,
    holder: `${host}:${process.pid}:${randomBytes(4).toString('hex')}`,
  };
  checkConfigName('name', settings.name);
  const { concurrency, jitter, termSeconds, historyDays, changesDays, claims } = settings;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 100) {
    throw invalidOption('concurrency', concurrency, 'give a whole number from 1 to 100');
  }
  if (!(jitter >= 0 && jitter <= 1)) throw invalidOption('jitter', jitter, 'give a number from 0 to 1');
  checkGrace(settings.graceSeconds);
  if (!Number.isInteger(termSeconds) || termSeconds < 1 || termSeconds > 3600) {
    throw invalidOption('termSeconds', termSeconds, 'give a whole number of seconds from 1 to 3600');
  }
  for (const [name, days] of Object.entries({ historyDays, changesDays })) {
    if (days > 0 && days <= 36_500) continue;
    throw invalidOption(name, days, 'give a number of days above 0 and at most 36500');
  }
  if (!isKeptChanges(settings.changes))
    throw invalidOption('changes', settings.changes, 'give true, false or { without: [columns] }');
  if (!CLAIMS.includes(claims)) throw invalidOption('claims', claims, `use one of ${CLAIMS.join(', ')}`);
  if (!MULTI_WRITER.includes(settings.multiWriter))
    throw invalidOption('multiWriter', settings.multiWriter, `use one of ${MULTI_WRITER.join(', ')}`);
  return settings;
}

/** Whoever writes JavaScript may give anything. */
const isKeptChanges = (changes: KeptChanges): boolean => {
  if (typeof changes === 'boolean') return true;
  const without: unknown = changes.without;
  return Array.isArray(without) && without.every((column) => typeof column === 'string');
};

/** Throws `INVALID_OPTION` for a column that is to be withheld and that nothing is kept of: a slip that nobody would see. */
export function checkWithheld(changes: KeptChanges, kept: readonly string[]): void {
  const { without = [] } = typeof changes === 'boolean' ? {} : changes;
  const unknown = without.find((column) => !kept.includes(column));
  if (unknown === undefined) return;
  throw invalidOption('changes.without', unknown, `name columns that strategies write: ${kept.join(', ')}`);
}

/** Throws `INVALID_OPTION` for a grace time out of its range. */
export function checkGrace(graceSeconds: number): void {
  if (graceSeconds >= 0 && graceSeconds <= 86_400) return;
  throw invalidOption('graceSeconds', graceSeconds, 'give a number of seconds from 0 to 86400');
}
