import { invalidSchema } from '../errors.js';

/** A name as the database has it. Throws `INVALID_SCHEMA` with `path` for anything else. */
export function named<Fallback>(path: string, name: unknown, fallback: Fallback): string | Fallback {
  if (name === undefined) return fallback;
  if (typeof name === 'string' && name !== '') return name;
  throw invalidSchema(`${path} is ${JSON.stringify(name)}`, 'Give the name as the database has it');
}

/** Throws `INVALID_SCHEMA` for a word that is no option. */
export function rejectUnknown(path: string, option: object, known: readonly string[]): void {
  const wrong = Object.keys(option).find((key) => !known.includes(key));
  if (wrong !== undefined) throw invalidSchema(`${path}.${wrong} is not an option`, `Use ${known.join(', ')}`);
}
