import { existsSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CONFIG_NAME } from '../config/find.js';
import { type CommonOptions, type Context, withStore } from '../context.js';
import { EXIT, type ExitCode, UsageError } from '../exit.js';
import { type Failure, failureInWords, failureOf } from '../failure.js';
import { askFor, type Given, withDefaults } from '../init/ask.js';
import {
  ADAPTER_NAMES,
  ADAPTERS,
  type AdapterName,
  DATABASE_NAMES,
  type DatabaseName,
  packagesFor,
} from '../init/choices.js';
import { type OwnTablesStep, ownTablesStep } from '../init/own-tables.js';
import { configText, FORMATS, type Format } from '../init/template.js';
import type { AddCommand } from '../program.js';
import { action, command } from './common.js';

interface InitOptions extends CommonOptions {
  readonly database?: DatabaseName;
  readonly adapter?: AdapterName;
  readonly urlVariable?: string;
  readonly jobsTable?: string;
  readonly allocationsTable?: string | false;
  readonly format?: Format;
  readonly force?: true;
  readonly apply?: true;
  readonly yes?: true;
}

export const addInit: AddCommand = (program, context, onEnd) => {
  const made: Command = command(program, 'init', "Writes a config file, and shows or makes jobsweep's own tables.")
    .addOption(new Option('--database <name>', 'the database').choices(DATABASE_NAMES))
    .addOption(new Option('--adapter <package>', 'the adapter package').choices(ADAPTER_NAMES))
    .option('--url-variable <name>', 'the environment variable that has its URL (default: PG_URL and the like)')
    .option('--jobs-table <name>', 'the table of the jobs (default: jobs)')
    .option('--allocations-table <name>', 'the table of what they hold (default: resource_allocations)')
    .option('--no-allocations-table', 'there is no such table')
    .addOption(new Option('--format <format>', 'the format of a new file (default: ts)').choices(FORMATS))
    .option('--force', 'write over a config file that is there')
    .option('--apply', "make jobsweep's own tables where they are missing, rather than show how")
    .option('-y, --yes', 'ask nothing, take the defaults')
    .action(
      action(context, onEnd, (inner, options: InitOptions) => runInit(inner, options, allocationsOf(made, options))),
    );
};

/** Commander gives `true` for a `--no-` option that nobody used. */
const allocationsOf = (made: Command, { allocationsTable }: InitOptions): string | null | undefined => {
  if (made.getOptionValueSource('allocationsTable') !== 'cli') return undefined;
  return allocationsTable === false ? null : allocationsTable;
};

async function runInit(
  context: Context,
  options: InitOptions,
  allocationsTable: string | null | undefined,
): Promise<ExitCode> {
  const { database, adapter, urlVariable: variable, jobsTable } = options;
  const given: Given = { database, adapter, variable, jobsTable, allocationsTable };
  const path = pathOf(context, options);
  const isThere = existsSync(path);
  if (isThere && !options.force) {
    if (options.format !== undefined || Object.values(given).some((value) => value !== undefined)) {
      throw new UsageError(`${basename(path)} is there already. Give --force to write over it, or change it by hand.`);
    }
  }
  const needs = isThere && !options.force ? null : await writeConfig(context, options, given, path);
  const { tables, failure } = await tablesStep(context, { ...options, config: path });
  const made = { config: path, written: needs !== null, needs, ownTables: tables };
  context.output.answer(made, options.json, (shown) => say(context, shown, failure));
  return tables.problem === null || options.apply === undefined ? EXIT.ok : EXIT.findings;
}

function pathOf({ surroundings: { folder } }: Context, { config, format }: InitOptions): string {
  if (config !== undefined) {
    const extension = extname(config).slice(1);
    if (!FORMATS.includes(extension as Format)) {
      throw new UsageError(
        `--config is '${config}': give a file that ends in ${FORMATS.map((one) => `.${one}`).join(', ')}`,
      );
    }
    if (format !== undefined && format !== extension) {
      throw new UsageError(`--format is ${format} and --config ends in .${extension}: drop one of them`);
    }
    return resolve(folder, config);
  }
  const existing = FORMATS.map((one) => join(folder, `${CONFIG_NAME}.${one}`)).find((path) => existsSync(path));
  if (existing !== undefined && format !== undefined && extname(existing) !== `.${format}`) {
    throw new UsageError(`${basename(existing)} is there already. Delete it before you make another one.`);
  }
  return existing ?? join(folder, `${CONFIG_NAME}.${format ?? 'ts'}`);
}

async function writeConfig(
  context: Context,
  options: InitOptions,
  given: Given,
  path: string,
): Promise<readonly string[]> {
  const { stdin, stderr } = context.surroundings;
  const { adapter, database } = given;
  if (
    adapter !== undefined &&
    database !== undefined &&
    !(ADAPTERS[adapter].databases as readonly string[]).includes(database)
  ) {
    throw new UsageError(`${adapter} is not for ${database}: it is for ${ADAPTERS[adapter].databases.join(', ')}`);
  }
  const canAsk = stdin.isTTY && stderr.isTTY && !options.yes && !options.json;
  const choices = canAsk ? await askFor(given, context) : withDefaults(given);
  writeFileSync(path, configText(choices, extname(path).slice(1) as Format));
  return packagesFor(choices);
}

/** What can be said of the own tables; a config that cannot be used yet is no failure of `init`. */
async function tablesStep(context: Context, options: InitOptions): Promise<TablesStep> {
  let step: OwnTablesStep | undefined;
  try {
    await withStore(context, options, async ({ store }) => {
      step = await ownTablesStep(store, options.apply === true, context.signal);
      return EXIT.ok;
    });
  } catch (error) {
    const failure = failureOf(error, context.signal);
    if (options.apply || context.signal.aborted || failure === undefined) throw error;
    return { tables: { ddl: [], made: null, problem: failure.message }, failure };
  }
  return { tables: step as OwnTablesStep, failure: undefined };
}

interface TablesStep {
  readonly tables: OwnTablesStep;
  /** Why nothing can be said of them yet. */
  readonly failure: Failure | undefined;
}

interface Made {
  readonly config: string;
  readonly needs: readonly string[] | null;
  readonly ownTables: OwnTablesStep;
}

function say({ output }: Context, { config, needs, ownTables }: Made, failure: Failure | undefined): void {
  const { style } = output;
  const { ddl, made } = ownTables;
  const name = basename(config);
  output.say(needs === null ? `${name} is there, and was left as it is.` : `${style('green', 'Wrote')} ${name}.`);
  if (needs !== null) output.say(`It needs: npm install ${needs.join(' ')}`);
  if (failure !== undefined) {
    const problem = failureInWords(failure);
    output.say(`\nThe database cannot be reached with it yet:\n${problem}\n\nThen: jobsweep init --apply`);
  } else if (made !== null) {
    output.say(
      made.length === 0 ? "jobsweep's own tables are there." : `${style('green', 'Made')} ${made.join(', ')}.`,
    );
    output.say('\nNext: jobsweep doctor, then jobsweep plan');
  } else if (ddl.length === 0) {
    output.say('This adapter makes no tables of its own: one runner works alone, without history.');
  } else {
    const title = "-- jobsweep's own tables, for several runners and the history. `jobsweep init --apply` makes them:";
    output.say(`\n${style('dim', title)}`);
    for (const statement of ddl) output.say(statement.replace(/;?\s*$/, ';'));
  }
}
