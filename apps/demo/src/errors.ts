import type { Pair } from './adapters/pairs.js';
import type { ReadProblem } from './swf/problems.js';

/** What a person can put right: said in one line of their language, exit status 2. */
export type Problem =
  | ReadProblem
  /** A command line that the parser refused; `code` is the parser's own. */
  | { readonly kind: 'badUsage'; readonly code: string; readonly subject: string; readonly message: string }
  | {
      readonly kind: 'badNumber';
      readonly option: string;
      readonly value: string;
      readonly from: number;
      readonly to: number;
      readonly whole: boolean;
    }
  | {
      readonly kind: 'badRange';
      readonly option: string;
      readonly value: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'badChoice'; readonly option: string; readonly value: string; readonly choices: readonly string[] }
  /** An adapter and a database that do not go together, and what does. */
  | (Pair & { readonly kind: 'noPair'; readonly databasesOf: Readonly<Record<string, readonly string[]>> })
  | { readonly kind: 'unwritable'; readonly path: string; readonly reason: string }
  /** No database server to work with; `message` says what to do. */
  | { readonly kind: 'noServer'; readonly message: string };

/** An error that is the input's, not the program's. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(
    readonly problem: Problem,
    cause?: unknown,
  ) {
    super(problem.kind, { cause });
  }
}

/** The short reason of a failed system call or of anything else thrown, in one line. */
export function reasonOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message || error.name : String(error));
}

/** Text without line ends and whatever else a terminal might act on. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
