import { planUndo, silentLogger, type UndoPlan } from '@jobsweep/core';
import { runnerSettings } from '../../settings.js';
import { undo } from '../../undo/undo.js';
import { counted } from '../../words/numbers.js';
import { buildStrategies, runnerOptions } from '../build.js';
import { confirmed } from '../confirmed.js';
import { type CommonOptions, type Context, withStore } from '../context.js';
import { CommandError, EXIT, type ExitCode } from '../exit.js';
import { exitStatus } from '../interruption.js';
import { operatorRequest } from '../operator.js';
import type { Output } from '../output/output.js';
import { changesOf, passNamed } from '../pass-named.js';
import { puttingBack, sayUnfinished } from '../putting-back.js';
import { type AddCommand, action, command } from './common.js';

interface UndoOptions extends CommonOptions {
  readonly job?: readonly string[];
  readonly dryRun?: true;
  readonly yes?: true;
}

export const addUndo: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.undo;
  command(program, context, 'undo', help.about)
    .argument('<pass>', help.pass)
    .option('--job <ids...>', help.job)
    .option('--dry-run', help.dryRun)
    .option('-y, --yes', help.yes)
    .action(action(context, onEnd, runUndo));
};

async function runUndo(context: Context, options: UndoOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const { output, signal } = context;
    const { store, config } = opened;
    const words = output.words.undo;
    const entry = await passNamed(context, opened, names);
    const { strategy, id } = entry;
    const { by, host } = operatorRequest(context, opened, [strategy]);
    const of = { pass: entry.pass, jobs: options.job };
    if ((await changesOf(context, opened, entry, options.job)).rows === 0)
      throw new CommandError('NOTHING_TO_UNDO', words.noChanges(id));

    const plan = await planUndo(store, of, { signal });
    if (options.dryRun || plan.undone === 0) {
      output.answer({ dryRun: true, pass: id, strategy, ...plan }, options.json, () => sayPlan(output, plan));
      return options.dryRun || plan.left.length === 0 ? EXIT.ok : EXIT.findings;
    }
    const rows = counted(plan.undone);
    const question = {
      ...{ ...options, question: words.confirm(rows, strategy), nobodyToAsk: words.nobodyToAsk(rows, strategy) },
      before: () => sayPlan(output, plan),
    };
    if (!(await confirmed(context, question))) return EXIT.findings;

    const settings = runnerSettings(runnerOptions(store, config, buildStrategies(store, config), silentLogger));
    const request = { entry, jobs: options.job, config: settings.name, by, host, signal, note: words.note(id) };
    const { pass, left, pause } = await puttingBack(context, { strategy, json: options.json }, (telling) =>
      undo(store, settings, { ...request, ...telling, logger: silentLogger }),
    );
    const told = {
      ...{ pass: id, strategy, undone: pass.itemsCleaned, contended: pass.itemsContended, left, pause },
      ...{ stopReason: pass.stopReason, blocked: pass.blocked },
    };
    output.answer(told, options.json, () => {
      output.tell(words.done(counted(pass.itemsCleaned)));
      sayLeft(output, { left, contended: pass.itemsContended });
      sayUnfinished(output, pass);
      output.tell(words.paused(strategy));
    });
    const isWhole = pass.stopReason === 'drained' && left.length === 0 && pass.itemsContended === 0;
    return exitStatus(signal, isWhole);
  });
}

function sayPlan(output: Output, plan: UndoPlan): void {
  const words = output.words.undo;
  output.tell(plan.undone === 0 ? words.nothingToDo : words.would(counted(plan.undone)));
  sayLeft(output, plan);
}

function sayLeft(output: Output, { left, contended }: Omit<UndoPlan, 'undone'>): void {
  const words = output.words.undo;
  for (const { reason, rows, first } of left) {
    const ids = first.map(({ table, rowId }) => `${table} ${rowId}`).join(', ');
    output.tell(words.left(counted(rows), reason, rows > first.length ? `${ids}, …` : ids));
  }
  if (contended > 0) output.tell(words.contended(counted(contended)));
}
