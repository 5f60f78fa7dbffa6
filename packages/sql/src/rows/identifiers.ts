import type { Knex } from 'knex';

/** What knex's clients have, and its types do not tell: `wrapIdentifier` of the user's config, around another function. */
interface Wrapping {
  readonly dialect: string;
  customWrapIdentifier(name: string, quote: (name: string) => string): string;
}

/**
 * A name as it is, whatever it holds, in quotes. knex's own `??` cuts names at dots, at ` as ` and at spaces, and takes a
 * question mark for the place of a value, so names get into statements by this function alone.
 */
export function identifier(build: Knex, name: string): Knex.Raw {
  const client = build.client as Wrapping;
  const mark = client.dialect === 'mysql' ? '`' : '"';
  const quote = (text: string) => `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
  return verbatim(build, client.customWrapIdentifier(name, quote));
}

/** A column of the table under an alias. */
export function columnRef(build: Knex, alias: string, column: string): Knex.Raw {
  return build.raw('?.?', [identifier(build, alias), identifier(build, column)]);
}

/** SQL in which question marks are themselves, alone or as a part of other SQL. */
export function verbatim(build: Knex, sql: string): Knex.Raw {
  if (!sql.includes('?')) return build.raw(sql);
  if ((build.client as Wrapping).dialect !== 'mysql') return build.raw(sql.replaceAll('?', '\\?'));
  // knex leaves its escapes in for these servers; but their driver puts such a value in as it is.
  return build.raw('?', [{ toSqlString: () => sql }]);
}
