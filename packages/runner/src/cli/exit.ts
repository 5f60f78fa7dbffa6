import { JobsweepError } from '@jobsweep/core';

/** What a command's exit status means; docs/cli.md lists them. */
export const EXIT = { ok: 0, findings: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = number;

/** An error of the command's own, which is said in the language of its reader already. */
export class CommandError extends JobsweepError {}

/** The command line asks for something that cannot be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
