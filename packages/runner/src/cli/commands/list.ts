import { DEFAULT_CONFIG } from '@jobsweep/core';
import { overview, type StrategyOverview } from '../../history/overview.js';
import { nextTurn, scheduleOf } from '../../schedule/next-turn.js';
import { buildStrategies, modeOf, strategyConfig } from '../build.js';
import { sayAssumptions } from '../config/assumptions.js';
import type { Config } from '../config/load.js';
import { type CommonOptions, type Context, withStore } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { type ListedStrategy, sayList } from '../output/list.js';
import { type AddCommand, action, command } from './common.js';

export const addList: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.list;
  command(program, context, 'list', help.about).action(action(context, onEnd, runList));
};

async function runList(context: Context, options: CommonOptions): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const { store, config } = opened;
    sayAssumptions(context, opened, options);
    const { signal } = context;
    const { now } = await store.inspect.server({ signal });
    const known = await overview(store, buildStrategies(store, config), { name: config.name, signal });
    const listed = {
      config: config.name ?? DEFAULT_CONFIG,
      ...known,
      now,
      strategies: known.strategies.map((one) => scheduled(one, config, now)),
    };
    context.output.answer(listed, options.json, (shown) => sayList(context.output, shown));
    return EXIT.ok;
  });
}

function scheduled(one: StrategyOverview, config: Config, now: Date): ListedStrategy {
  const schedule = scheduleOf(one, strategyConfig(config, one.name));
  return {
    ...one,
    mode: modeOf(config, one.name),
    schedule,
    nextDueAt: one.isEnabled && one.claim?.pause == null ? nextTurn(schedule, one.claim, now) : null,
  };
}
