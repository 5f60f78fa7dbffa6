import { type DatabaseWords, databaseWords, isJobsweepError, type Retry, retryOf, visible } from '@jobsweep/core';
import { CommanderError } from 'commander';
import { findingInWords, Unfit } from '../connection/fitting-schema.js';
import type { Words } from '../words/words.js';
import type { Audience } from './audience.js';
import { ConfigError, type ConfigProblem, inList, problemInWords } from './config/problems.js';
import { CommandError, EXIT, type ExitCode, UsageError } from './exit.js';
import { Interrupted } from './interruption.js';
import { withAdvice } from './output/advice.js';
import { errorInLines } from './output/error.js';

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
  /** It is of the library, in English. */
  readonly isForeign?: boolean;
  /** What to say before a message of the parser, which is in English. */
  readonly refusal?: string | undefined;
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
export function failureOf(error: unknown, signal: AbortSignal, audience: Audience): Failure | undefined {
  const { failures: said } = audience.words;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0 || error.code === 'commander.help') return undefined;
    return {
      exitCode: EXIT.usage,
      code: 'USAGE',
      message: error.message.replace(/^error: /, '').replaceAll('\n', ' '),
      retry: 'never',
      refusal: audience.words.help.refusals?.[error.code],
    };
  }
  if (error instanceof UsageError)
    return { exitCode: EXIT.usage, code: 'USAGE', message: error.message, retry: 'never' };
  if (error instanceof Error && error.name === 'ExitPromptError') {
    return { exitCode: EXIT.interrupted, code: 'ABORTED', message: said.stoppedAtQuestion, retry: 'never' };
  }
  const reason: unknown = signal.reason;
  if (signal.aborted && reason instanceof Interrupted) {
    return { exitCode: reason.exitStatus, code: 'ABORTED', message: said.stoppedBy(reason.signalName), retry: 'never' };
  }
  const code = isJobsweepError(error) ? error.code : null;
  const message = error instanceof Error ? error.message || error.name : String(error);
  const exitCode = isJobsweepError(error, ...USAGE_CODES) ? EXIT.usage : EXIT.findings;
  // The command's own words stand in place of those below.
  const told = {
    exitCode,
    code,
    retry: retryOf(error),
    ...(!(error instanceof CommandError) && { words: databaseWords(error) }),
  };
  if (error instanceof ConfigError) {
    const { file, problems } = error;
    const items = problems.map((problem) => problemInWords(problem, audience.words));
    return listed({ ...told, problems, mistakes: { of: said.configUnusable(file), items } });
  }
  if (error instanceof Unfit) {
    const found = error.findings.map((finding) => findingInWords(finding, audience));
    const items = found.map(({ option, problem, fix }) => said.mistake(option, problem, fix));
    const problems = found.map(({ option, ...words }) => ({ path: option, ...words }));
    return listed({
      ...told,
      problems,
      mistakes: { of: error.of === 'mapping' ? said.mappingUnfit : said.engineUnfit, items },
    });
  }
  return { ...told, message, isForeign: !(error instanceof CommandError) };
}

const listed = (failure: Omit<Failure, 'message'> & Required<Pick<Failure, 'mistakes'>>): Failure => ({
  ...failure,
  message: inList(failure.mistakes.of, failure.mistakes.items),
});

/** A failure for programs. */
export const failureToJson = ({ code, message, retry, problems, words }: Failure) => ({
  code,
  message,
  retry,
  ...(problems && { problems }),
  ...words,
});

/** A failure for people: lines of ours, in which no text of a stranger acts. */
export function failureInWords(
  { code, message, isForeign, refusal, mistakes, words }: Failure,
  { failures: said }: Words,
): string {
  if (mistakes !== undefined) return inList(visible(mistakes.of), mistakes.items.map(visible));
  const told = withAdvice(refusal, message, said);
  const lines = errorInLines({ code: isForeign === true ? code : null, message: told, ...words }, said);
  return lines.join('\n  ');
}
