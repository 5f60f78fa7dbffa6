import { isJobsweepError } from '@jobsweep/core';
import { CommanderError } from 'commander';
import type { ConfigProblem } from './config/problems.js';
import { EXIT, type ExitCode, UsageError } from './exit.js';
import { Interrupted } from './interruption.js';

/** What went wrong, for people and for programs. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string | null;
  readonly message: string;
  readonly problems: readonly ConfigProblem[] | undefined;
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
    return { exitCode: EXIT.usage, code: 'USAGE', message: error.message.replace(/^error: /, ''), problems: undefined };
  }
  if (error instanceof UsageError) {
    return { exitCode: EXIT.usage, code: 'USAGE', message: error.message, problems: undefined };
  }
  if (error instanceof Error && error.name === 'ExitPromptError') {
    return { exitCode: EXIT.interrupted, code: 'ABORTED', message: 'Stopped at a question', problems: undefined };
  }
  const reason: unknown = signal.reason;
  if (signal.aborted && reason instanceof Interrupted) {
    return { exitCode: reason.exitStatus, code: 'ABORTED', message: reason.message, problems: undefined };
  }
  const code = isJobsweepError(error) ? error.code : null;
  const problems =
    error instanceof Error && 'problems' in error ? (error.problems as readonly ConfigProblem[]) : undefined;
  const message = error instanceof Error ? error.message || error.name : String(error);
  return { exitCode: isJobsweepError(error, ...USAGE_CODES) ? EXIT.usage : EXIT.findings, code, message, problems };
}
