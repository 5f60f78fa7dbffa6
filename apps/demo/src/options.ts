import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locale } from '@jobsweep/core';
import { Command, CommanderError, Option } from 'commander';
import { ADAPTER_NAMES, DATABASE_NAMES, DATABASES_OF, findPair, type Pair } from './adapters/pairs.js';
import { type DamageOptions, defaultDamage } from './damage/options.js';
import { InputError } from './errors.js';
import type { DemoTexts, OptionName } from './texts/texts.js';
import { choice, number, range } from './values.js';

export interface DemoOptions {
  readonly pair: Pair;
  readonly trace: { readonly path: string; readonly shown: string };
  /** Jobs to make; `undefined`: as many as the log has. */
  readonly rows: number | undefined;
  readonly damage: DamageOptions;
  readonly purge: boolean;
  /** Take back the pass that failed stuck jobs. */
  readonly undo: boolean;
  readonly keep: boolean;
  /** Where to write the result, if anywhere. */
  readonly json: string | undefined;
  readonly verbose: boolean;
}

const LOCALES = ['en', 'zh-CN'] as const satisfies readonly Locale[];

const DEFAULT_LOG = 'NASA-iPSC-1993-3.1-cln.swf.gz';
const MAX_ROWS = 100_000_000;
const MAX_DAMAGE = 100_000;
const MAX_DAYS = 3650;

/** The language that the arguments ask for, wanted before anything can be said. Throws `InputError`. */
export function localeOf(args: readonly string[]): Locale {
  const at = args.findLastIndex((arg) => arg === '--locale' || arg.startsWith('--locale='));
  if (at < 0) return 'en';
  const value = args[at]?.startsWith('--locale=') ? args[at].slice('--locale='.length) : args[at + 1];
  return value === undefined ? 'en' : choice('--locale', LOCALES)(value);
}

/**
 * Reads the command line. Gives `undefined` when all it wanted was the help, which has been written to `write` then.
 * Throws `InputError` for anything that is no option or out of its range. Paths are relative to `folder`.
 */
export function parseOptions(
  args: readonly string[],
  texts: DemoTexts,
  folder: string,
  write: (text: string) => void,
): DemoOptions | undefined {
  const command = createCommand(texts).configureOutput({ writeOut: write, writeErr: () => undefined });
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw badUsage(error);
  }
  return toOptions(command.opts<Parsed>(), folder);
}

interface Parsed extends Omit<DamageOptions, 'seed'>, Partial<Pair> {
  readonly seed: number;
  readonly trace?: string;
  readonly rows?: number;
  readonly purge?: true;
  readonly undo?: true;
  readonly keep?: true;
  readonly json?: string;
  readonly verbose?: true;
}

function createCommand(texts: DemoTexts): Command {
  const { help } = texts;
  const option = (name: OptionName, value: string) => new Option(`--${name} ${value}`.trimEnd(), help.options[name]);
  const count = (name: OptionName, byDefault: number, to = MAX_DAMAGE) =>
    option(name, '<n>')
      .default(byDefault)
      .argParser(number(`--${name}`, { from: 0, to, whole: true }));
  const percent = (name: OptionName, byDefault: number) =>
    option(name, '<p>')
      .default(byDefault)
      .argParser(number(`--${name}`, { from: 0, to: 100, whole: false }));
  // Each is the default only where the other one allows it, which is for `pairOf` to say.
  const word = (name: keyof Pair, words: readonly string[]) =>
    new Option(`--${name} <name>`, `${help.options[name]}${help.byDefault(words[0] ?? '')}`).argParser(
      choice(`--${name}`, words),
    );
  const { from, to } = defaultDamage.longDays;
  const examples = help.examples.map(([example, meaning]) => `  ${example}\n      ${meaning}`).join('\n');
  return new Command('npm run demo --')
    .usage('[options]')
    .description(help.summary)
    .addOption(word('adapter', ADAPTER_NAMES))
    .addOption(word('database', DATABASE_NAMES))
    .addOption(option('trace', '<file>'))
    .addOption(option('rows', '<n>').argParser(number('--rows', { from: 1, to: MAX_ROWS, whole: true })))
    .addOption(count('seed', defaultDamage.seed, Number.MAX_SAFE_INTEGER))
    .addOption(percent('leaked-percent', defaultDamage.leakedPercent))
    .addOption(count('reservations', defaultDamage.reservations))
    .addOption(percent('stale-percent', defaultDamage.stalePercent))
    .addOption(count('long-jobs', defaultDamage.longJobs))
    .addOption(
      option('long-days', '<from-to>')
        .default(defaultDamage.longDays, `${from}-${to}`)
        .argParser(range('--long-days', { from: 0.1, to: MAX_DAYS })),
    )
    .addOption(count('healthy-jobs', defaultDamage.healthyJobs))
    .addOption(count('sibling-jobs', defaultDamage.siblingJobs))
    .addOption(count('requeued-jobs', defaultDamage.requeuedJobs))
    .addOption(option('purge', ''))
    .addOption(option('undo', ''))
    .addOption(option('keep', ''))
    .addOption(option('json', '<file>'))
    .addOption(option('locale', '<name>').default('en').argParser(choice('--locale', LOCALES)))
    .addOption(option('verbose', ''))
    .helpOption('-h, --help', help.options.help)
    .addHelpText('after', `\n${help.examplesTitle}\n${examples}`)
    .configureHelp({
      styleTitle: (title) => (title.startsWith('Usage') ? help.usageTitle : help.optionsTitle),
      optionDescription: ({ description, defaultValue, defaultValueDescription }) =>
        defaultValue === undefined
          ? description
          : `${description}${help.byDefault(defaultValueDescription ?? String(defaultValue))}`,
    })
    .exitOverride();
}

function toOptions(parsed: Parsed, folder: string): DemoOptions {
  const {
    adapter,
    database,
    trace,
    rows,
    purge = false,
    undo = false,
    keep = false,
    json,
    verbose = false,
    ...damage
  } = parsed;
  const { seed, leakedPercent, reservations, stalePercent, longJobs, longDays } = damage;
  const { healthyJobs, siblingJobs, requeuedJobs } = damage;
  return {
    pair: pairOf({ ...(adapter && { adapter }), ...(database && { database }) }),
    trace:
      trace === undefined
        ? { path: fileURLToPath(new URL(`../data/${DEFAULT_LOG}`, import.meta.url)), shown: DEFAULT_LOG }
        : { path: resolve(folder, trace), shown: trace },
    rows,
    damage: {
      seed,
      leakedPercent,
      reservations,
      stalePercent,
      longJobs,
      longDays,
      healthyJobs,
      siblingJobs,
      requeuedJobs,
    },
    purge,
    undo,
    keep,
    json: json === undefined ? undefined : resolve(folder, json),
    verbose,
  };
}

/** What was asked for, and what goes with it. */
function pairOf(wanted: Partial<Pair>): Pair {
  const pair = findPair(wanted);
  if (pair === undefined) throw new InputError({ kind: 'noPair', ...(wanted as Pair), databasesOf: DATABASES_OF });
  return pair;
}

/** The parser's message without its prefix, in one line; what it is about stands in quotes. */
function badUsage(error: CommanderError): InputError {
  const message = error.message
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const subject = /'([^']*)'/.exec(message)?.[1] ?? '';
  return new InputError({ kind: 'badUsage', code: error.code, subject, message });
}
