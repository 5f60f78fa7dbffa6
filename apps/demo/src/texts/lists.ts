/** `knex, typeorm or mongo`, with the language's own comma and word for or. */
export function listOf(names: readonly string[], comma: string, or: string): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(comma)}${or}${names.at(-1)}`;
}
