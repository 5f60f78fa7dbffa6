import { visible } from '@jobsweep/core';
import type { Words } from '../../../words/words.js';
import type { Context } from '../../context.js';

/** One of several answers. */
interface Choice<Value extends string> {
  readonly value: Value;
  readonly name: string;
}

/** Questions on a terminal. */
export interface Ask {
  readonly words: Words['proposal'];
  /** @param usual the answer of who just goes on; the first one, where it is none of them. */
  choose<Value extends string>(question: string, choices: readonly Choice<Value>[], usual?: Value): Promise<Value>;
  /** Asks for the name of a time zone. */
  zone(question: string): Promise<string>;
}

/** How many answers are seen at once. */
const PAGE_SIZE = 8;

export async function prompts({ surroundings, audience, signal }: Context): Promise<Ask> {
  // Long to load, and only for those who are asked.
  const { input, select } = await import('@inquirer/prompts');
  const { init, proposal: words } = audience.words;
  const terminal = { input: surroundings.stdin, output: surroundings.stderr, signal };
  const theme = { style: { keysHelpTip: () => `↑↓ ${init.move} • ⏎ ${init.choose}` } };
  return {
    words,
    choose: (question, choices, usual) =>
      select(
        {
          message: visible(question),
          choices: choices.map(({ value, name }) => ({ value, name: visible(name) })),
          ...(usual !== undefined && { default: usual }),
          pageSize: PAGE_SIZE,
          theme,
        },
        terminal,
      ),
    zone: (question) => input({ message: question, validate: (name) => isZone(name) || words.noZone }, terminal),
  };
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && name !== '';
  } catch {
    return false;
  }
}
