import { invalidSchema } from '../errors.js';

/** A name as the database has it. Throws `INVALID_SCHEMA` with `path` for anything else. */
export function named<Fallback>(path: string, name: unknown, fallback: Fallback): string | Fallback {
  if (name === undefined) return fallback;
  if (typeof name === 'string' && name !== '') return name;
  throw invalidSchema(`${path} is ${JSON.stringify(name)}`, 'Give the name as the database has it');
}

/** The columns of a key: one name, or several. Throws as above. */
export function keyNamed(path: string, given: unknown, fallback: string): readonly string[] {
  if (!Array.isArray(given)) return [named(path, given, fallback)];
  const names = given.map((name: unknown, index) => named(`${path}[${index}]`, name ?? null, fallback));
  if (names.length > 0 && new Set(names).size === names.length) return names;
  throw invalidSchema(`${path} is ${JSON.stringify(given)}`, 'Name each column of the key once');
}

/** Throws `INVALID_SCHEMA` for a word that is no option. */
export function rejectUnknown(path: string, option: object, known: readonly string[]): void {
  const wrong = Object.keys(option).find((key) => !known.includes(key));
  if (wrong !== undefined) throw invalidSchema(`${path}.${wrong} is not an option`, `Use ${known.join(', ')}`);
}
