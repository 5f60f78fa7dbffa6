import { DEFAULT_CONFIG, isJobsweepError } from '@jobsweep/core';
import type { Words } from '../../words/words.js';
import { buildStrategies } from '../build.js';
import { type CommonOptions, type Context, withStore } from '../context.js';
import { CommandError, EXIT, type ExitCode } from '../exit.js';
import { sayConfigName } from '../output/config-name.js';
import { sayHistory } from '../output/history.js';
import { type AddCommand, action, command, wholeNumber } from './common.js';
import { named } from './selection.js';

interface HistoryOptions extends CommonOptions {
  readonly limit: number;
  readonly strategy?: string;
}

export const addHistory: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.history;
  command(program, context, 'history', help.about)
    .option('-n, --limit <n>', help.limit, wholeNumber(context, '--limit', 1, 1000), 20)
    .option('-s, --strategy <name>', help.strategy)
    .action(action(context, onEnd, runHistory));
};

async function runHistory(context: Context, options: HistoryOptions): Promise<ExitCode> {
  return withStore(context, options, async ({ store, config }) => {
    const { limit, strategy } = options;
    if (strategy !== undefined) named(buildStrategies(store, config), [strategy], context.audience.words.failures);
    // A login that is refused is no table that is hidden.
    await store.inspect.server({ signal: context.signal });
    const name = config.name ?? DEFAULT_CONFIG;
    const passes = await store.journal
      .read({ config: name, strategy, limit, signal: context.signal })
      .catch((error: unknown) => sayHowToBegin(error, context.audience.words.history));
    context.output.answer({ config: name, passes }, options.json, (shown) => {
      sayConfigName(context.output, name);
      sayHistory(context.output, shown.passes);
    });
    return EXIT.ok;
  });
}

function sayHowToBegin(error: unknown, words: Words['history']): never {
  if (!isJobsweepError(error, 'NOT_INITIALIZED', 'PERMISSION_DENIED')) throw error;
  throw new CommandError('NOT_INITIALIZED', words.notThere, { cause: error });
}
