import { closestWord } from '../../suggest.js';
import { UsageError } from '../exit.js';

/** Those that were named, in the order of their turns; all when none was. Throws `UsageError` for one that is not there. */
export function named<Named extends { readonly name: string }>(
  all: readonly Named[],
  names: readonly string[],
): Named[] {
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const meant = closestWord(unknown, known);
    const hint = meant === undefined ? `use one of ${known.join(', ')}` : `did you mean ${meant}?`;
    throw new UsageError(`There is no strategy '${unknown}' here: ${hint}`);
  }
  return all.filter(({ name }) => names.length === 0 || names.includes(name));
}
