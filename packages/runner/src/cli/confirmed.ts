import type { Context } from './context.js';
import { UsageError } from './exit.js';

/** What somebody is asked before something is done. */
export interface Question {
  /** Do not ask. */
  readonly yes?: true | undefined;
  /** Nobody can be asked. */
  readonly json?: true | undefined;
  readonly question: string;
  /** What is said where nobody is there. */
  readonly nobodyToAsk: string;
  /** Shows what it is about. Default: the question says it. */
  readonly before?: () => void;
}

/** Asks on a terminal; elsewhere throws `UsageError`, since nobody is there to be asked. */
export async function confirmed(
  { surroundings: { stdin, stderr }, output, signal }: Context,
  { yes, json, question, nobodyToAsk, before }: Question,
): Promise<boolean> {
  if (yes) return true;
  if (json || !stdin.isTTY || !stderr.isTTY) throw new UsageError(nobodyToAsk);
  before?.();
  // Long to load, and seldom needed.
  const { confirm } = await import('@inquirer/prompts');
  const asked = { message: question, default: false, transformer: output.words.run.answer };
  const answer = await confirm(asked, { input: stdin, output: stderr, signal });
  if (!answer) output.complain(output.words.run.nothingDone);
  return answer;
}
