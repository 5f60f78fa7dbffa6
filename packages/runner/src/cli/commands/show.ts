import { type CommonOptions, type Context, withStore } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { sayChanges } from '../output/changes.js';
import { passNamed } from '../pass-named.js';
import { type AddCommand, action, command, wholeNumber } from './common.js';

interface ShowOptions extends CommonOptions {
  readonly job?: readonly string[];
  readonly limit: number;
}

export const addShow: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.show;
  command(program, context, 'show', help.about)
    .argument('<pass>', help.pass)
    .option('--job <ids...>', help.job)
    .option('-n, --limit <n>', help.limit, wholeNumber(context, '--limit', 1, 1000), 100)
    .action(action(context, onEnd, runShow));
};

async function runShow(context: Context, options: ShowOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const { output, signal } = context;
    const { changes: kept } = opened.store;
    const entry = await passNamed(context, opened, names);
    const of = { pass: entry.pass, jobs: options.job, signal };
    const counts = await kept.count(of);
    const changes = await kept.read({ ...of, limit: options.limit });
    const told = changes.map(({ version: _, pass: __, config: ___, strategy: ____, ...change }) => change);
    output.answer({ pass: entry, counts, changes: told }, options.json, (shown) =>
      sayChanges(output, shown.pass, shown.counts, shown.changes),
    );
    return EXIT.ok;
  });
}
