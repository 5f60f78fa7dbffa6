import { JobsweepError } from '@jobsweep/core';
import { type Words, wordsOf } from '../../words/words.js';

/** One mistake in a config file. */
export interface ConfigProblem {
  /** Where: `strategies.stuck_job_cleanup.maxAgeHours`. Empty: the file as a whole. */
  readonly path: string;
  /** What is wrong, with the value where it may be shown. */
  readonly problem: string;
  readonly fix: string;
}

/** A config file that cannot be used, with all its mistakes. */
export class ConfigError extends JobsweepError {
  constructor(
    readonly file: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    super(
      'INVALID_CONFIG',
      inList(
        wordsOf().failures.configUnusable(file),
        problems.map((problem) => problemInWords(problem, wordsOf())),
      ),
    );
  }
}

/** A mistake in one line. */
export function problemInWords({ path, problem, fix }: ConfigProblem, { config }: Words): string {
  return config.inOneLine(path, problem, fix);
}

/** Mistakes under what they are mistakes of, one a line. */
export const inList = (of: string, items: readonly string[]): string => [of, ...items].join('\n- ');
