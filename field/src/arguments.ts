import { parseArgs } from 'node:util';
import { DATABASES, type DatabaseName } from './case.js';
import type { NamedCase } from './cases.js';

/** A case on one of its databases. */
export interface Replay {
  readonly of: NamedCase;
  readonly database: DatabaseName;
}

/** What to replay, or the line that says what is wrong with the arguments. */
export function chooseReplays(args: readonly string[], cases: readonly NamedCase[]): readonly Replay[] | string {
  const options = { database: { type: 'string', multiple: true } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const databases = (values.database ?? []).flatMap((word) => word.split(','));
    const strangers = [
      ...positionals.filter((word) => !cases.some((each) => isNamed(each, word))),
      ...databases.filter((word) => !DATABASES.some((name) => name === word)),
    ];
    if (strangers.length > 0)
      return `There is no ${strangers.join(', ')}: cases are ${cases.map(({ name }) => name).join(', ')}`;
    return cases
      .filter((each) => positionals.length === 0 || positionals.some((word) => isNamed(each, word)))
      .flatMap((each) => each.told.databases.map((database) => ({ of: each, database })))
      .filter(({ database }) => databases.length === 0 || databases.includes(database));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** By its whole name or its number: `17b`. */
const isNamed = ({ name }: NamedCase, word: string): boolean => name === word || name.startsWith(`${word}-`);
