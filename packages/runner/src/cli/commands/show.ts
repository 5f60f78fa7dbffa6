import type { Change, ChangeCounts } from '@jobsweep/core';
import { type CommonOptions, type Context, type Opened, withStore } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { sayChanges, sayHowTheyComeBack, sayPass, type ToldChange, type ToldCounts } from '../output/changes.js';
import type { Output } from '../output/output.js';
import { changesOf, type NamedPass, passNamed } from '../pass-named.js';
import { type AddCommand, action, command, wholeNumber } from './common.js';

interface ShowOptions extends CommonOptions {
  readonly job?: readonly string[];
  readonly limit: number;
}

/** Changes that one statement reads, and that are held at a time. */
const PAGE_ROWS = 1000;
/** Counting of changes stops here. */
const COUNTED_AT_MOST = 100_000;

export const addShow: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.show;
  command(program, context, 'show', help.about)
    .argument('<pass>', help.pass)
    .option('--job <ids...>', help.job)
    .option('-n, --limit <n>', help.limit, wholeNumber(context, '--limit', 1), 100)
    .action(action(context, onEnd, runShow));
};

async function runShow(context: Context, options: ShowOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const entry = await passNamed(context, opened, names);
    const counts = told(await changesOf(context, opened, entry, options.job));
    const { add, end } = options.json
      ? context.output.jsonWithList({ pass: entry, counts }, 'changes')
      : listForPeople(context.output, opened, entry, counts, options.job);
    const leftOut = await eachPage(context, opened, { pass: entry.pass, rows: counts.rows, ...options }, add);
    end({ leftOut });
    return EXIT.ok;
  });
}

/** Gives all changes that are asked for, a page at a time. Returns how many are left out, at least where counting has stopped. */
async function eachPage(
  { signal }: Context,
  { store: { changes } }: Opened,
  { pass, job: jobs, limit, rows }: ShowOptions & { readonly pass: string; readonly rows: number },
  add: (page: readonly ToldChange[]) => void,
): Promise<number> {
  const of = { pass, jobs, signal };
  let [shown, last]: [number, Change | undefined] = [0, undefined];
  for (let isMore = true; isMore; ) {
    const size = Math.min(PAGE_ROWS, limit - shown);
    const page: Change[] = await changes.read({ ...of, after: last, limit: size });
    if (page.length > 0) add(page.map(({ version: _, pass: __, config: ___, strategy: ____, ...change }) => change));
    shown += page.length;
    last = page.at(-1);
    isMore = page.length === size && shown < limit;
  }
  const [next] = last === undefined ? [] : await changes.read({ ...of, after: last, limit: 1 });
  return next === undefined ? 0 : Math.max(1, rows - shown);
}

function listForPeople(
  output: Output,
  { store }: Opened,
  entry: NamedPass,
  counts: ToldCounts,
  jobs: readonly string[] | undefined,
) {
  output.answer(entry, false, (shown) => sayPass(output, shown, counts));
  const hasArchive = store.archive !== undefined;
  return {
    add: (page: readonly ToldChange[]) => output.answer(page, false, (shown) => sayChanges(output, shown)),
    end: ({ leftOut }: { readonly leftOut: number }) =>
      sayHowTheyComeBack(output, { counts, leftOut, pass: entry.id, jobs, hasArchive }),
  };
}

const told = (counts: ChangeCounts): ToldCounts => ({ ...counts, isCapped: counts.rows >= COUNTED_AT_MOST });
