import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { type Locale, presets } from '@jobsweep/core';
import { type Command, Option } from 'commander';
import { CONFIG_NAME } from '../config/find.js';
import type { CommonOptions, Context } from '../context.js';
import { EXIT, type ExitCode, UsageError } from '../exit.js';
import type { Given } from '../init/ask.js';
import { ADAPTER_NAMES, ADAPTERS, type AdapterName, DATABASE_NAMES, type DatabaseName } from '../init/choices.js';
import { lookWithConfig } from '../init/look-with-config.js';
import { FORMATS, type Format } from '../init/template.js';
import { writeConfig } from '../init/write-config.js';
import { madeToJson, sayMade } from '../output/init.js';
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
  requireFit(given, context);
  const written = isThere && !options.force ? null : await writeConfig(context, given, path, canAsk(context, options));
  const isPlanned = written?.proposal != null;
  const looked = await lookWithConfig(context, { ...options, config: path, isPlanned });
  const made = { path, written, looked, isAsked: canAsk(context, options) };
  if (options.json) context.output.json(madeToJson(made, context.output));
  else sayMade(context.output, made);
  return looked.tables.problem === null || options.apply === undefined ? EXIT.ok : EXIT.findings;
}

/** Whether somebody is there who could answer. */
const canAsk = ({ surroundings: { stdin, stderr } }: Context, { yes, json }: InitOptions): boolean =>
  stdin.isTTY && stderr.isTTY && !yes && !json;

function requireFit({ adapter, database }: Given, { audience }: Context): void {
  if (adapter === undefined || database === undefined) return;
  const { databases } = ADAPTERS[adapter];
  if ((databases as readonly string[]).includes(database)) return;
  throw new UsageError(audience.words.init.notFor(adapter, database, databases.join(', ')));
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
