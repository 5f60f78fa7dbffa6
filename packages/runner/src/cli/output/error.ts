import {
  type DatabaseWords,
  databaseWords,
  isJobsweepError,
  type Retry,
  retryOf,
  visible,
  withoutSecrets,
} from '@jobsweep/core';
import type { Words } from '../../words/words.js';
import { adviceOf } from './advice.js';
import type { Output } from './output.js';
import { wrap } from './wrap.js';

/** An error for programs. */
export interface KnownError extends Partial<DatabaseWords> {
  readonly code: string | null;
  readonly message: string;
  readonly retry: Retry;
}

export const errorToJson = (error: Error): KnownError => ({
  code: isJobsweepError(error) ? error.code : null,
  message: error.message,
  retry: retryOf(error),
  ...databaseWords(error),
});

/** An error for people, in lines in which no text of a stranger acts: what to do, and what the database said besides. */
export function errorInLines(
  { code, message, causes = [], detail = null, hint = null }: Omit<KnownError, 'retry'>,
  words: Words['failures'],
): string[] {
  return [
    adviceOf({ code, message: withoutSecrets(message) }, words),
    ...causes.map(words.cause),
    ...(detail === null ? [] : [words.detail(detail)]),
    ...(hint === null ? [] : [words.hint(hint)]),
  ].map(visible);
}

/** Strategies with what made them fail. */
type Failed = readonly (readonly [strategy: string, error: KnownError])[];

/** Below an answer, where there is room for it: what kept a strategy from its work, in lines. */
export function sayBelow(output: Output, strategy: string, what: string, lines: readonly string[]): void {
  const { style, width, redactor } = output;
  output.say(`\n${style('bold', strategy)} ${style('red', what)}`);
  for (const line of lines) output.say(wrap(redactor.text(line), width, '  '));
}

/** The same of an error. */
export function sayError(output: Output, strategy: string, error: KnownError): void {
  const { failures } = output.words;
  sayBelow(output, strategy, error.code ?? failures.error, errorInLines(error, failures));
}

/** Beside an answer that has them too: what failed, one line a strategy. */
export function complainOf(output: Output, failed: Failed): void {
  for (const [strategy, error] of failed) output.complainJson({ error: { strategy, ...error } });
}
