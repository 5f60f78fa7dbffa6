import { existsSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { type Locale, presets } from '@jobsweep/core';
import { type Command, Option } from 'commander';
import { CONFIG_NAME } from '../config/find.js';
import type { CommonOptions, Context } from '../context.js';
import { EXIT, type ExitCode, UsageError } from '../exit.js';
import { type Failure, failureInWords } from '../failure.js';
import { askFor, type Given, withDefaults } from '../init/ask.js';
import {
  ADAPTER_NAMES,
  ADAPTERS,
  type AdapterName,
  DATABASE_NAMES,
  type DatabaseName,
  packagesFor,
} from '../init/choices.js';
import { lookAtOwnTables, type OwnTables } from '../init/own-tables.js';
import { configText, FORMATS, type Format } from '../init/template.js';
import { type AddCommand, action, command } from './common.js';

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
  readonly locale?: Locale;
}

export const addInit: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.init;
  const made: Command = command(program, context, 'init', help.about)
    .addOption(new Option('--database <name>', help.database).choices(DATABASE_NAMES))
    .addOption(new Option('--adapter <package>', help.adapter).choices(ADAPTER_NAMES))
    .option('--url-variable <name>', help.urlVariable)
    .option('--jobs-table <name>', help.jobsTable)
    .option('--allocations-table <name>', help.allocationsTable)
    .option('--no-allocations-table', help.noAllocationsTable)
    .addOption(new Option('--format <format>', help.format).choices(FORMATS))
    .option('--force', help.force)
    .option('--apply', help.apply)
    .addOption(new Option('--locale <locale>', help.locale).choices(Object.keys(presets)))
    .option('-y, --yes', help.yes)
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
  context.audience.locale = options.locale ?? context.audience.locale;
  const { database, adapter, urlVariable: variable, jobsTable } = options;
  const given: Given = { database, adapter, variable, jobsTable, allocationsTable };
  const path = pathOf(context, options);
  const isThere = existsSync(path);
  if (isThere && !options.force) {
    if (options.format !== undefined || Object.values(given).some((value) => value !== undefined)) {
      throw new UsageError(context.audience.words.init.fileThere(basename(path)));
    }
  }
  const needs = isThere && !options.force ? null : await writeConfig(context, options, given, path);
  const { tables, failure } = await lookAtOwnTables(context, { ...options, config: path });
  const made = { config: path, written: needs !== null, needs, ownTables: tables };
  context.output.answer(made, options.json, (shown) => say(context, shown, failure));
  return tables.problem === null || options.apply === undefined ? EXIT.ok : EXIT.findings;
}

function pathOf({ surroundings: { folder }, audience }: Context, { config, format }: InitOptions): string {
  const words = audience.words.init;
  if (config !== undefined) {
    const extension = extname(config).slice(1);
    if (!FORMATS.includes(extension as Format)) {
      throw new UsageError(words.wrongEnding(config, FORMATS.map((one) => `.${one}`).join(', ')));
    }
    if (format !== undefined && format !== extension) {
      throw new UsageError(words.twoFormats(format, extension));
    }
    return resolve(folder, config);
  }
  const existing = FORMATS.map((one) => join(folder, `${CONFIG_NAME}.${one}`)).find((path) => existsSync(path));
  if (existing !== undefined && format !== undefined && extname(existing) !== `.${format}`) {
    throw new UsageError(words.otherThere(basename(existing)));
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
    throw new UsageError(context.audience.words.init.notFor(adapter, database, ADAPTERS[adapter].databases.join(', ')));
  }
  const canAsk = stdin.isTTY && stderr.isTTY && !options.yes && !options.json;
  const choices = canAsk ? await askFor(given, context) : withDefaults(given);
  writeFileSync(path, configText(choices, extname(path).slice(1) as Format, context.audience));
  return packagesFor(choices);
}

interface Made {
  readonly config: string;
  readonly needs: readonly string[] | null;
  readonly ownTables: OwnTables;
}

function say({ output }: Context, { config, needs, ownTables }: Made, failure: Failure | undefined): void {
  const { style } = output;
  const { ddl, made } = ownTables;
  const name = basename(config);
  const { init: words } = output.words;
  output.say(needs === null ? words.wasThere(name) : style('green', words.wrote(name)));
  if (needs !== null) output.say(words.needs(needs.join(' ')));
  if (failure !== undefined) {
    output.say(`\n${words.notReachable}\n${failureInWords(failure, output.words)}\n\n${words.afterwards}`);
  } else if (made !== null) {
    output.say(made.length === 0 ? words.tablesThere : style('green', words.made(made.join(', '))));
    output.say(`\n${words.next}`);
  } else if (ddl.length === 0) {
    output.say(words.noTables);
  } else {
    output.say(`\n${style('dim', words.ddlTitle)}`);
    for (const statement of ddl) output.say(statement.replace(/;?\s*$/, ';'));
  }
}
