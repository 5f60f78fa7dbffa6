import { Command } from 'commander';
import { addApprove } from './commands/approve.js';
import { addDoctor } from './commands/doctor.js';
import { addHistory } from './commands/history.js';
import { addInit } from './commands/init.js';
import { addList } from './commands/list.js';
import { addPause, addResume } from './commands/pause.js';
import { addPlan } from './commands/plan.js';
import { addRestore } from './commands/restore.js';
import { addRun } from './commands/run.js';
import { addShow } from './commands/show.js';
import { addStart } from './commands/start.js';
import { addUndo } from './commands/undo.js';
import type { Context } from './context.js';
import type { ExitCode } from './exit.js';

/** The whole command line. `onEnd` gets the exit status of the command that ran. */
export function createProgram(context: Context, version: string, onEnd: (code: ExitCode) => void): Command {
  const { help } = context.audience.words;
  const headings: Readonly<Record<string, string>> = help.headings;
  const program = new Command('jobsweep')
    .description(help.program)
    .usage(help.usage)
    .version(version, '-V, --version', help.version)
    .helpOption('-h, --help', help.help)
    .helpCommand('help [command]', help.helpOf)
    .configureHelp({ styleTitle: (title) => headings[title] ?? title })
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.output.say(text.trimEnd()),
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(context.output.width, 100),
    })
    .addHelpText('after', help.end);
  for (const add of [
    addInit,
    addDoctor,
    addList,
    addPlan,
    addRun,
    addStart,
    addHistory,
    addApprove,
    addPause,
    addResume,
    addShow,
    addUndo,
    addRestore,
  ])
    add(program, context, onEnd);
  return program;
}
