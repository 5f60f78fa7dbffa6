import { CONFIG_NAME } from '@jobsweep/core';

/** Mistakes in a config file. */
export const config = {
  inOneLine: (path: string, problem: string, fix: string) =>
    `${path === '' ? '' : `${path} `}${problem}: ${fix}${fix.includes('did you mean') ? '?' : '.'}`,
  missing: 'is missing',
  is: (value: string) => `is ${value}`,
  unusable: 'is not usable',
  unknown: 'is not known',
  useOneOf: (words: string) => `use one of ${words}`,
  didYouMean: (word: string) => `did you mean ${word}`,
  either: (one: string, other: string) => `${one}; ${other}`,
  suchAs: (fix: string, value: number) => `${fix}, such as ${value}`,
  number: (from: number, to: number) => `give a number from ${from} to ${to}`,
  whole: (from: number, to: number) => `give a whole number from ${from} to ${to}`,
  above0: (unit: 'seconds' | 'minutes' | 'hours' | 'days', to: number) =>
    `give a number of ${unit} above 0 and at most ${to}`,
  name: CONFIG_NAME.fix as string,
  text: 'give a text',
  flag: 'give true or false',
  object: 'give an object',
  objectOrFalse: 'give an object, or false',
  objectOrNull: 'give an object, or null where there is no such table',
  list: 'give a list of values',
  cron: "give a cron expression, such as '0 3 * * *'",
  cronAtNight: "give a cron expression, such as '0 3 * * *' for three at night",
  timeZone: "give the name of a time zone, such as 'Europe/Berlin'",
  rawState: 'give the value that the table holds, a text or a number',
  rawStates: 'give the value that the table holds, a list of values, or { when, set }',
  column: 'give the name of a column',
  timeColumn: 'give the name of a column, or { column, codec, unset }',
  timeOrNull: 'give the name of a column, { column, codec, unset }, or null where there is none',
  endTime: 'give the name of a column, { column, codec, unset }, a list of these, or null where there is none',
  sign: 'give the name of a column, { column, codec, unset }, or { table, key, column } of another table',
  said: 'give the name of a column, { column, json }, { column, number }, or null where there is none',
  table: 'give the name of a table',
  tables: 'give a list of tables: { table, key }',
  key: 'give the name of the column, or a list of the columns of the key',
  columnsWithValues: 'give columns with their values',
  namesWithLimits: 'give names with limits',
  backlog: 'give a number from 5 to 86400, or 0 for never',
  adapter: "give the name of an adapter package, such as '@jobsweep/repo-knex'",
  adapterOrOpen: "give the name of an adapter package, such as '@jobsweep/repo-knex', or open",
  url: `give the URL of the database, such as '\${PG_URL}'`,
  urlOf: `give it a url, such as '\${PG_URL}'`,
  hook: 'give a function; JSON has none, so write the config as .ts or .mjs',
  open: 'give a function that returns { store, close }',
  host: 'give a host name or address',
  besideOpen: { problem: 'stands beside open', fix: 'keep one of them: open makes the whole store' },
  besideInterval: { problem: 'stands beside intervalSeconds', fix: 'keep one of them' },
  withoutCron: { problem: 'stands without cron', fix: 'give a cron expression, or drop it' },
  withoutSign: { problem: 'stands without a sign of life', fix: 'name one in store.filters.ageColumn, or drop it' },
  assumed: (why: string) => ({
    problem: `is an assumption that nobody has confirmed (${why})`,
    fix: 'put it right where it is wrong, and delete its line in assumptions',
  }),
  assumptionsShape: 'give an object with a text for each path, or drop it',
  assumptions: (count: number, file: string) =>
    count === 1
      ? `1 assumption in ${file} is not confirmed: look at it, then delete its line. Until then run and start refuse.`
      : `${count} assumptions in ${file} are not confirmed: look at each, then delete its line. Until then run and start refuse.`,
  unfit: (problem: string) => `does not fit: ${problem}`,
  needsVariable: (name: string) => ({ problem: `needs the environment variable ${name}`, fix: `set ${name}` }),
  notThere: { problem: 'is not there', fix: 'check the path that --config gives' },
  wrongEnding: (ending: string, endings: string) => ({
    problem: `ends in '${ending}'`,
    fix: `give a file that ends in ${endings}`,
  }),
  theFile: 'The config file',
  noFile: (names: string) => ({
    problem: `is not there (${names})`,
    fix: 'make one with `jobsweep init`, or name one with --config',
  }),
  twoFiles: (both: readonly string[]) => ({
    problem: `is there more than once (${both.join(' and ')})`,
    fix: 'keep one of them, or name one with --config',
  }),
  unreadable: (reason: string) => ({
    problem: `cannot be read: ${reason}`,
    fix: 'put the file right, or make a new one with `jobsweep init`',
  }),
  notInstalled: (adapter: string) => ({
    problem: `is '${adapter}', which is not installed there`,
    fix: `install it beside the config file: npm install ${adapter}`,
  }),
  notLoaded: (adapter: string, reason: string) => ({
    problem: `is '${adapter}', which cannot be loaded: ${reason}`,
    fix: 'install what it needs beside it',
  }),
  noOpenStore: (adapter: string, adapters: string) => ({
    problem: `is '${adapter}', which has no openStore`,
    fix: `use one of ${adapters}`,
  }),
  noStore: {
    problem: 'does not return a store',
    fix: 'let it return { store, close }, store being what knexStore, typeormStore or mongoStore gives',
  },
};
