import type { Command } from 'commander';
import type { CommonOptions, Context } from '../context.js';
import { type ExitCode, UsageError } from '../exit.js';

/** A command with the options that all have. */
export function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('-c, --config <file>', 'the config file (default: jobsweep.config.{ts,mjs,json} in this folder)')
    .option('--json', 'print one JSON value for programs, and nothing else');
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
  (option: string, from: number, to = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= from && value <= to) return value;
    const range = to === Number.MAX_SAFE_INTEGER ? `from ${from} on` : `from ${from} to ${to}`;
    throw new UsageError(`${option} is '${text}': give a whole number ${range}`);
  };
