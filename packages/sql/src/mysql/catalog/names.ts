import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';

/** A name as a statement has it. */
export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export function quotedTable({ schema, table }: TableName): string {
  return schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
}

/** The database that the connection uses. */
export async function ownSchema({ build, rows }: SqlSession): Promise<string> {
  return (await rows<{ db: string | null }>(build.select(build.raw('database() as db'))))[0]?.db ?? '';
}

/** A text as a statement has it, whatever the server's mode says of backslashes. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
