import { counted, utc } from '../../words/numbers.js';
import { type CommonOptions, type Context, withStore } from '../context.js';
import { CommandError, EXIT, type ExitCode } from '../exit.js';
import { operatorRequest } from '../operator.js';
import { type AddCommand, action, command } from './common.js';

export const addApprove: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.approve;
  command(program, context, 'approve', help.about)
    .argument('<strategy>', help.strategy)
    .action(action(context, onEnd, runApprove));
};

async function runApprove(context: Context, options: CommonOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const { audience, output } = context;
    const { approve: words } = audience.words;
    const request = operatorRequest(context, opened, names);
    const { config, strategy, by } = request;
    const approval = await opened.store.claims.approve(request);
    if (approval === undefined) throw new CommandError('NOTHING_TO_APPROVE', words.nothing(strategy));
    output.answer({ config, strategy, by, ...approval }, options.json, ({ rows, until }) =>
      output.tell(words.approved(strategy, counted(rows), utc(until))),
    );
    return EXIT.ok;
  });
}
