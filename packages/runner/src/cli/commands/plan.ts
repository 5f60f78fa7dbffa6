import { buildStrategies } from '../build.js';
import { sayAssumptions } from '../config/assumptions.js';
import { type CommonOptions, type Context, withStore } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { complainOf } from '../output/error.js';
import { sayPlan } from '../output/plan.js';
import { planConfig } from '../plan-config.js';
import { type AddCommand, action, command, wholeNumber } from './common.js';
import { named } from './selection.js';

interface PlanOptions extends CommonOptions {
  readonly samples: number;
  readonly atMost: number;
}

export const addPlan: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.plan;
  command(program, context, 'plan', help.about)
    .argument('[strategies...]', help.strategies)
    .option('--samples <n>', help.samples, wholeNumber(context, '--samples', 0, 100), 3)
    .option('--at-most <n>', help.atMost, wholeNumber(context, '--at-most', 1, 10_000_000), 10_000)
    .action(action(context, onEnd, runPlan));
};

async function runPlan(context: Context, options: PlanOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const { store, config } = opened;
    sayAssumptions(context, opened, options);
    const strategies = named(buildStrategies(store, config), names, context.audience.words.failures);
    const { samples, atMost } = options;
    const plan = await planConfig(context, opened, strategies, { samples, atMost });
    if (options.json) {
      complainOf(
        context.output,
        plan.strategies.flatMap(({ name, error }) => (error === null ? [] : [[name, error]])),
      );
    }
    context.output.answer(plan, options.json, (shown) => sayPlan(context.output, shown));
    return plan.strategies.some(({ error }) => error !== null) ? EXIT.findings : EXIT.ok;
  });
}
