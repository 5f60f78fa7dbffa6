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

/** Asks on the terminal for what flags have not said. */
export async function askFor(given: Given, { surroundings, audience, signal }: Context): Promise<InitChoices> {
  // Long to load, and only for those who are asked.
  const { input, select } = await import('@inquirer/prompts');
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
  const validate = (value: string) => value !== '' || words.required;
  const ask = (message: string, byDefault: string) => input({ message, default: byDefault, validate }, terminal);
  const variable = given.variable ?? (await ask(words.whichVariable, DATABASES[database].variable));
  const jobsTable = given.jobsTable ?? (await ask(words.jobsTable, DEFAULT_TABLES.jobs));
  const allocations =
    given.allocationsTable === undefined
      ? await ask(words.allocationsTable(words.none), DEFAULT_TABLES.allocations)
      : given.allocationsTable;
  return { database, adapter, variable, jobsTable, allocationsTable: allocations === words.none ? null : allocations };
}
