import { type CleanupStrategy, type Logger, type SchemaFinding, silentLogger, visible } from '@jobsweep/core';
import { requireFittingSchema } from '../../connection/fitting-schema.js';
import { tableWarnings } from '../../connection/warnings.js';
import { createRunner } from '../../runner.js';
import type { RunReport } from '../../turn/report.js';
import { buildStrategies, modeOf, runnerOptions } from '../build.js';
import { requireConfirmed } from '../config/assumptions.js';
import { type CommonOptions, type Context, type Opened, withStore } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { exitStatus } from '../interruption.js';
import { complainOf, errorToJson } from '../output/error.js';
import type { Output } from '../output/output.js';
import { type DueOf, noProgress, type Progress, progressBars } from '../output/progress.js';
import { reportToJson, sayReport } from '../output/report.js';
import { visibleValue } from '../output/visible-value.js';
import { confirmDeletes } from '../run/confirm-deletes.js';
import { lookAtWhatIsLeft } from '../run/stuck.js';
import { verboseJsonLogger, verboseLogger } from '../run/verbose-logger.js';
import { type AddCommand, action, command, wholeNumber } from './common.js';
import { takingPart } from './selection.js';

interface RunOptions extends CommonOptions {
  readonly tags?: readonly string[];
  readonly dryRun?: true;
  readonly yes?: true;
  readonly maxRows?: number;
  readonly overrideBreaker?: true;
  readonly verbose?: true;
}

export const addRun: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.run;
  command(program, context, 'run', help.about)
    .argument('[strategies...]', help.strategies)
    .option('--tags <tags...>', help.tags)
    .option('--dry-run', help.dryRun)
    .option('-y, --yes', help.yes)
    .option('--max-rows <n>', help.maxRows, wholeNumber(context, '--max-rows', 1))
    .option('--override-breaker', help.overrideBreaker)
    .option('-v, --verbose', help.verbose)
    .action(action(context, onEnd, runRun));
};

/** Counting for a bar goes on to here, which takes a second or so; longer passes have no bar but a rate. */
const COUNT_AT_MOST = 1_000_000;

async function runRun(context: Context, options: RunOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    requireConfirmed(context, opened);
    const { output, signal } = context;
    const logger = loggerFor(output, options);
    const strategies = buildStrategies(opened.store, opened.config, logger);
    const round = {
      ...(names.length > 0 && { only: names }),
      ...(options.tags && { tags: options.tags.flatMap((tag) => tag.split(',')) }),
      ...(options.dryRun && { dryRun: true }),
      ...(options.overrideBreaker && { overrideBreaker: true }),
    };
    const taking = takingPart(strategies, round, output.words);
    // Before anything else asks the tables: it would fail with the first mistake of many.
    const multiWriter = options.dryRun ? 'accepted' : (opened.config.runner?.multiWriter ?? 'refused');
    const findings = await requireFittingSchema(opened.store, { taking, multiWriter }, signal);
    if (!options.verbose) await sayWarnings(context, opened, options, findings);
    const repairing = taking.filter(({ name }) => modeOf(opened.config, name) === 'repair');
    if (!options.dryRun && !(await confirmDeletes(context, opened, options, repairing))) return EXIT.findings;
    const progress = await progressOf(context, opened, options, repairing);
    const { report, worksAlone } = await runRound(context, opened, options, { strategies, round, logger, progress });
    const looked = { ...report, strategies: await lookAtWhatIsLeft(opened, report, strategies, signal) };
    if (worksAlone && !options.verbose) output.warn(output.words.run.alone, options.json);
    if (options.json) {
      complainOf(
        output,
        report.strategies.flatMap(({ name, error }) => (error === undefined ? [] : [[name, errorToJson(error)]])),
      );
      output.json(reportToJson(looked));
    } else sayReport(output, visibleValue(looked));
    return exitStatus(signal, isFine(report) && !looked.strategies.some(({ isStuck }) => isStuck));
  });
}

/** What a runner logs of the tables, said to those who see no log. */
async function sayWarnings(
  { audience, output, signal }: Context,
  { store }: Opened,
  options: RunOptions,
  findings: readonly SchemaFinding[],
): Promise<void> {
  const { root, locale } = audience;
  for (const line of await tableWarnings(store, findings, silentLogger, { root, locale, signal }))
    output.warn(options.json ? line : visible(line), options.json);
}

function loggerFor(output: Output, { verbose, json }: RunOptions): Logger {
  if (!verbose) return silentLogger;
  return json ? verboseJsonLogger(output) : verboseLogger(output);
}

interface Round {
  readonly strategies: readonly CleanupStrategy<unknown>[];
  readonly round: {
    readonly only?: readonly string[];
    readonly tags?: readonly string[];
    readonly dryRun?: boolean;
    readonly overrideBreaker?: boolean;
  };
  readonly logger: Logger;
  readonly progress: Progress;
}

async function runRound(
  { signal }: Context,
  { store, config }: Opened,
  options: RunOptions,
  what: Round,
): Promise<{ readonly report: RunReport; readonly worksAlone: boolean }> {
  const { strategies, round, logger, progress } = what;
  const runner = createRunner({
    ...runnerOptions(store, config, strategies, logger),
    ...(options.maxRows !== undefined && { maxRowsPerPass: options.maxRows }),
    onBatch: (strategy, counts) => progress.batch(strategy, counts),
  });
  const following = [
    runner.on('pass:start', ({ strategy }) => progress.begin(strategy)),
    runner.on('wait', ({ strategy, wait }) => progress.wait(strategy, wait)),
  ];
  try {
    const report = await runner.runOnce({ ...round, signal });
    const worksAlone = !report.dryRun && runner.status().isCoordinated === false && config.runner?.claims !== 'off';
    return { report, worksAlone };
  } finally {
    for (const end of following) end();
    progress.end();
  }
}

async function progressOf(
  { surroundings, output, signal }: Context,
  { store }: Opened,
  options: RunOptions,
  taking: readonly CleanupStrategy<unknown>[],
): Promise<Progress> {
  const { stderr, env } = surroundings;
  const isQuiet = options.json || options.verbose || options.dryRun || !stderr.isTTY || env.TERM === 'dumb';
  if (isQuiet) return noProgress;
  const due = new Map<string, number>();
  for (const { name, rule } of taking) {
    if (rule === undefined) continue;
    const totals = await store.inspect.totals(rule, { atMost: COUNT_AT_MOST, signal });
    if (totals.due < COUNT_AT_MOST) due.set(name, totals.due);
  }
  const dueOf: DueOf = (strategy) => {
    const all = due.get(strategy);
    return all === undefined || options.maxRows === undefined ? all : Math.min(all, options.maxRows);
  };
  return progressBars(stderr, dueOf, output.words);
}

/** Rows that the database refuses, and a breaker that stopped a pass, are for somebody to look at. */
const isFine = ({ ok, strategies }: RunReport): boolean =>
  ok &&
  strategies.every(
    ({ status, pass }) => status !== 'tripped' && (pass?.itemsBlocked ?? 0) + (pass?.itemsUnknown ?? 0) === 0,
  );
