import {
  type DatabaseWords,
  databaseWords,
  isJobsweepError,
  type Retry,
  retryOf,
  visible,
  withoutSecrets,
} from '@jobsweep/core';
import { CommanderError } from 'commander';
import { findingInWords, SchemaMismatch } from '../fitting-schema.js';
import { ConfigError, type ConfigProblem, inList, problemInWords } from './config/problems.js';
import { EXIT, type ExitCode, UsageError } from './exit.js';
import { Interrupted } from './interruption.js';

/** What went wrong, for people and for programs. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string | null;
  /** All of it in one text. */
  readonly message: string;
  /** Whether the same call may go well another time. */
  readonly retry: Retry;
  /** Each mistake of a config or mapping by itself, and what they are mistakes of. */
  readonly mistakes?: { readonly of: string; readonly items: readonly string[] };
  readonly problems?: readonly ConfigProblem[];
  /** What the database said besides. */
  readonly words?: DatabaseWords;
}

/** Mistakes of whoever called, which nothing but another call puts right. */
const USAGE_CODES = [
  'INVALID_CONFIG',
  'INVALID_OPTION',
  'INVALID_SCHEMA',
  'UNKNOWN_STRATEGY',
  'UNKNOWN_DEPENDENCY',
  'CIRCULAR_DEPENDENCY',
  'DUPLICATE_STRATEGY',
] as const;

/** What to say of an error, and with which status to end. `undefined`: it was none, such as a help text. */
export function failureOf(error: unknown, signal: AbortSignal): Failure | undefined {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0 || error.code === 'commander.help') return undefined;
    return {
      exitCode: EXIT.usage,
      code: 'USAGE',
      message: error.message.replace(/^error: /, '').replaceAll('\n', ' '),
      retry: 'never',
    };
  }
  if (error instanceof UsageError)
    return { exitCode: EXIT.usage, code: 'USAGE', message: error.message, retry: 'never' };
  if (error instanceof Error && error.name === 'ExitPromptError') {
    return { exitCode: EXIT.interrupted, code: 'ABORTED', message: 'Stopped at a question', retry: 'never' };
  }
  const reason: unknown = signal.reason;
  if (signal.aborted && reason instanceof Interrupted) {
    return { exitCode: reason.exitStatus, code: 'ABORTED', message: reason.message, retry: 'never' };
  }
  const code = isJobsweepError(error) ? error.code : null;
  const message = error instanceof Error ? error.message || error.name : String(error);
  const exitCode = isJobsweepError(error, ...USAGE_CODES) ? EXIT.usage : EXIT.findings;
  const told = { exitCode, code, retry: retryOf(error), words: databaseWords(error) };
  if (error instanceof ConfigError) {
    const { file, problems } = error;
    return {
      ...told,
      message,
      problems,
      mistakes: { of: `${file} cannot be used:`, items: problems.map(problemInWords) },
    };
  }
  if (!(error instanceof SchemaMismatch)) return { ...told, message };
  const found = error.findings.map((finding) => findingInWords(finding, { root: 'store.' }));
  const problems = found.map(({ option, ...words }) => ({ path: option, ...words }));
  const mistakes = {
    of: 'The mapping does not fit the tables:',
    items: problems.map(({ path, problem, fix }) => `${path}: ${problem}. ${fix}${fix.endsWith('?') ? '' : '.'}`),
  };
  return { ...told, message: inList(mistakes.of, mistakes.items), problems, mistakes };
}

/** A failure for programs. */
export const failureToJson = ({ code, message, retry, problems, words }: Failure) => ({
  code,
  message,
  retry,
  ...(problems && { problems }),
  ...words,
});

/** A failure for people: lines of ours, in which no text of a stranger acts. */
export function failureInWords({ message, mistakes, words }: Failure): string {
  const said =
    mistakes === undefined ? visible(withoutSecrets(message)) : inList(mistakes.of, mistakes.items.map(visible));
  const more = [
    ...(words?.causes ?? []).map((cause) => ['Cause', cause]),
    ...(words?.detail == null ? [] : [['Detail', words.detail]]),
    ...(words?.hint == null ? [] : [['Hint', words.hint]]),
  ];
  return [said, ...more.map(([title, text]) => `  ${title}: ${visible(text ?? '')}`)].join('\n');
}
