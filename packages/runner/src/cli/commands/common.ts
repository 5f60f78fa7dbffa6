import type { Command } from 'commander';
import type { CommonOptions, Context } from '../context.js';
import { type ExitCode, UsageError } from '../exit.js';

/** How a command is added: its options, and what it does. */
export type AddCommand = (program: Command, context: Context, onEnd: (code: ExitCode) => void) => void;

/** A command with the options that all have. */
export function command(program: Command, { audience }: Context, name: string, description: string): Command {
  const { help } = audience.words;
  return program
    .command(name)
    .description(description)
    .helpOption('-h, --help', help.help)
    .option('-c, --config <file>', help.config)
    .option('--json', help.json);
}

/** What a command does when it is called: `run` gets its arguments and options. */
export const action =
  <Options extends CommonOptions>(
    context: Context,
    onEnd: (code: ExitCode) => void,
    run: (context: Context, options: Options, names: readonly string[]) => Promise<ExitCode>,
  ) =>
  async (...args: unknown[]): Promise<void> => {
    const made = args.at(-1) as Command;
    onEnd(await run(context, made.opts<Options>(), made.args));
  };

/** Reads a whole number from an option. */
export const wholeNumber =
  ({ audience }: Context, option: string, from: number, to = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= from && value <= to) return value;
    throw new UsageError(
      audience.words.help.wholeNumber(option, text, from, to === Number.MAX_SAFE_INTEGER ? null : to),
    );
  };
