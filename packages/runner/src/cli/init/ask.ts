import type { Context } from '../context.js';
import { ADAPTERS, adaptersFor, DATABASE_NAMES, DATABASES, DEFAULT_TABLES, type InitChoices } from './choices.js';

/** What flags have said already. */
export type Given = { readonly [Key in keyof InitChoices]?: InitChoices[Key] | undefined };

/** What flags say, and the defaults for the rest. */
export function withDefaults({ database, adapter, variable, jobsTable, allocationsTable }: Given): InitChoices {
  const chosen = database ?? (adapter === undefined ? 'postgres' : ADAPTERS[adapter].databases[0]);
  return {
    database: chosen,
    adapter: adapter ?? adaptersFor(chosen)[0],
    variable: variable ?? DATABASES[chosen].variable,
    jobsTable: jobsTable ?? DEFAULT_TABLES.jobs,
    allocationsTable: allocationsTable === undefined ? DEFAULT_TABLES.allocations : allocationsTable,
  };
}

/** Asks on the terminal how the database is reached, where flags have not said it. */
export async function askConnection(
  given: Given,
  context: Context,
): Promise<Pick<InitChoices, 'database' | 'adapter' | 'variable'>> {
  // Long to load, and only for those who are asked.
  const { select } = await import('@inquirer/prompts');
  const { audience, surroundings, signal } = context;
  const words = audience.words.init;
  const terminal = { input: surroundings.stdin, output: surroundings.stderr, signal };
  const theme = { style: { keysHelpTip: () => `↑↓ ${words.move} • ⏎ ${words.choose}` } };
  const possible = given.adapter === undefined ? DATABASE_NAMES : [...ADAPTERS[given.adapter].databases];
  const database =
    given.database ??
    (await select(
      {
        message: words.whichDatabase,
        choices: possible.map((value) => ({ value, name: DATABASES[value].title })),
        theme,
      },
      terminal,
    ));
  const [first, ...others] = adaptersFor(database);
  const adapter =
    given.adapter ??
    (others.length === 0
      ? first
      : await select(
          {
            message: words.whichLibrary,
            choices: [first, ...others].map((value) => ({ value, name: `${ADAPTERS[value].library} (${value})` })),
            theme,
          },
          terminal,
        ));
  const variable = given.variable ?? (await askText(context, words.whichVariable, DATABASES[database].variable));
  return { database, adapter, variable };
}

/** Asks for the tables, where nothing could be proposed and flags have not said it. */
export async function askTables(
  given: Given,
  context: Context,
): Promise<Pick<InitChoices, 'jobsTable' | 'allocationsTable'>> {
  const words = context.audience.words.init;
  const jobsTable = given.jobsTable ?? (await askText(context, words.jobsTable, DEFAULT_TABLES.jobs));
  const allocations =
    given.allocationsTable === undefined
      ? await askText(context, words.allocationsTable(words.none), DEFAULT_TABLES.allocations)
      : given.allocationsTable;
  return { jobsTable, allocationsTable: allocations === words.none ? null : allocations };
}

async function askText(
  { surroundings, audience, signal }: Context,
  message: string,
  byDefault: string,
): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  const validate = (value: string) => value !== '' || audience.words.init.required;
  const terminal = { input: surroundings.stdin, output: surroundings.stderr, signal };
  return input({ message, default: byDefault, validate }, terminal);
}
