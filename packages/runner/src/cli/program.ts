import { Command } from 'commander';
import { addDoctor } from './commands/doctor.js';
import { addHistory } from './commands/history.js';
import { addInit } from './commands/init.js';
import { addList } from './commands/list.js';
import { addPlan } from './commands/plan.js';
import { addRun } from './commands/run.js';
import { addStart } from './commands/start.js';
import type { Context } from './context.js';
import type { ExitCode } from './exit.js';

/** How a command is added: its options, and what it does. */
export type AddCommand = (program: Command, context: Context, onEnd: (code: ExitCode) => void) => void;

/** The whole command line. `onEnd` gets the exit status of the command that ran. */
export function createProgram(context: Context, version: string, onEnd: (code: ExitCode) => void): Command {
  const program = new Command('jobsweep')
    .description('Keeps tables of jobs and the resources they hold true: finds leaks, plans, and repairs.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.output.say(text.trimEnd()),
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(context.output.width, 100),
    })
    .addHelpText('after', END);
  for (const add of [addInit, addDoctor, addList, addPlan, addRun, addStart, addHistory]) add(program, context, onEnd);
  return program;
}

const END = `
Exit status: 0 fine, 1 findings or failures, 2 wrong usage or config.
The config is jobsweep.config.ts, .mjs or .json in this folder, or --config <file>.`;
