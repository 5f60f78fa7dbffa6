import { hostname, userInfo } from 'node:os';
import { DEFAULT_CONFIG } from '@jobsweep/core';
import { counted, utc } from '../../words/numbers.js';
import { buildStrategies } from '../build.js';
import { type CommonOptions, type Context, withStore } from '../context.js';
import { CommandError, EXIT, type ExitCode } from '../exit.js';
import { type AddCommand, action, command } from './common.js';
import { named } from './selection.js';

export const addApprove: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.approve;
  command(program, context, 'approve', help.about)
    .argument('<strategy>', help.strategy)
    .action(action(context, onEnd, runApprove));
};

async function runApprove(context: Context, options: CommonOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async ({ store, config }) => {
    const { audience, output, signal } = context;
    const { approve: words, failures } = audience.words;
    named(buildStrategies(store, config), names, failures);
    const [strategy = ''] = names;
    const name = config.name ?? DEFAULT_CONFIG;
    const host = hostname();
    const by = `${userName()}@${host}`;
    const approval = await store.claims.approve({ config: name, strategy, by, host, signal });
    if (approval === undefined) throw new CommandError('NOTHING_TO_APPROVE', words.nothing(strategy));
    output.answer({ config: name, strategy, by, ...approval }, options.json, ({ rows, until }) =>
      output.say(words.approved(strategy, counted(rows), utc(until))),
    );
    return EXIT.ok;
  });
}

/** A user without a name, as in some containers, is a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
