import {
  isJobsweepError,
  planRestore,
  Restore,
  type RestoreOf,
  type RestorePlan,
  type Staying,
  silentLogger,
  visible,
} from '@jobsweep/core';
import { runnerSettings } from '../../settings.js';
import { operatorPass } from '../../undo/operator-pass.js';
import { counted } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import { buildStrategies, runnerOptions } from '../build.js';
import { confirmed } from '../confirmed.js';
import { type CommonOptions, type Context, type Opened, withStore } from '../context.js';
import { EXIT, type ExitCode, UsageError } from '../exit.js';
import { exitStatus } from '../interruption.js';
import { operatorRequest } from '../operator.js';
import type { Output } from '../output/output.js';
import { passNamed, quoted } from '../pass-named.js';
import { puttingBack, sayUnfinished } from '../putting-back.js';
import { type AddCommand, action, command } from './common.js';

interface RestoreOptions extends CommonOptions {
  readonly pass?: string;
  readonly job?: readonly string[];
  readonly dryRun?: true;
  readonly yes?: true;
}

const STRATEGY = 'old_job_cleanup';

export const addRestore: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.restore;
  command(program, context, 'restore', help.about)
    .option('--pass <id>', help.pass)
    .option('--job <ids...>', help.job)
    .option('--dry-run', help.dryRun)
    .option('-y, --yes', help.yes)
    .action(action(context, onEnd, runRestore));
};

async function runRestore(context: Context, options: RestoreOptions): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const { output, signal } = context;
    const { store, config } = opened;
    const words = output.words.restore;
    const of = await restoreOf(context, opened, options);

    const plan = await planRestore(store, of, { signal }).catch((error: unknown) => sayIfNoId(error, words, options));
    if (options.dryRun || plan.restored === 0) {
      output.answer({ dryRun: true, ...plan }, options.json, () => sayPlan(output, plan, options));
      return options.dryRun || plan.staying.rows === 0 ? EXIT.ok : EXIT.findings;
    }
    const jobs = counted(plan.restored);
    const question = {
      ...{ ...options, question: words.confirm(jobs), nobodyToAsk: words.nobodyToAsk(jobs) },
      before: () => sayPlan(output, plan, options),
    };
    if (!(await confirmed(context, question))) return EXIT.findings;

    const settings = runnerSettings(runnerOptions(store, config, buildStrategies(store, config), silentLogger));
    const { by, host } = operatorRequest(context, opened, [STRATEGY]);
    const note = options.pass === undefined ? words.note : words.noteOfPass(options.pass);
    const restore = new Restore(store, of);
    const request = { config: settings.name, by, host, signal, note, logger: silentLogger };
    const { pass, pause } = await puttingBack(context, { strategy: STRATEGY, json: options.json }, (telling) =>
      operatorPass(store, settings, restore, 'restored', { ...request, ...telling }),
    );
    const { staying } = restore;
    const told = {
      ...{ restored: pass.itemsCleaned, contended: pass.itemsContended, staying, pause },
      ...{ stopReason: pass.stopReason, blocked: pass.blocked },
    };
    output.answer(told, options.json, () => {
      output.tell(words.done(counted(pass.itemsCleaned)));
      sayStaying(output, staying);
      if (pass.itemsContended > 0) output.tell(words.contended(counted(pass.itemsContended)));
      for (const { id, message } of pass.blocked) output.tell(words.blocked(id, message));
      sayUnfinished(output, pass);
      output.tell(output.words.undo.paused(STRATEGY));
    });
    const isWhole = pass.stopReason === 'drained' && staying.rows === 0 && pass.itemsContended === 0;
    return exitStatus(signal, isWhole);
  });
}

/** What the database does not take for a key is no mistake of the mapping. */
function sayIfNoId(error: unknown, words: Words['restore'], { job: jobs }: RestoreOptions): never {
  if (jobs === undefined || !isJobsweepError(error, 'SCHEMA_MISMATCH')) throw error;
  throw new UsageError(`${words.noSuchJob(quoted(jobs))} ${error.message}`);
}

async function restoreOf(context: Context, opened: Opened, { pass, job: jobs }: RestoreOptions): Promise<RestoreOf> {
  return pass === undefined ? { jobs } : { jobs, pass: (await passNamed(context, opened, [pass])).pass };
}

function sayPlan(output: Output, { restored, staying }: RestorePlan, { job: jobs }: RestoreOptions): void {
  const words = output.words.restore;
  if (restored > 0) output.tell(words.would(counted(restored)));
  else if (jobs === undefined || staying.rows > 0) output.tell(words.nothingToDo);
  else output.tell(words.noSuchJob(visible(quoted(jobs))));
  sayStaying(output, staying);
}

function sayStaying(output: Output, { rows, first }: Staying): void {
  if (rows === 0) return;
  const ids = first.map(({ table, rowId }) => `${table} ${rowId}`).join(', ');
  output.tell(output.words.restore.staying(counted(rows), rows > first.length ? `${ids}, …` : ids));
}
