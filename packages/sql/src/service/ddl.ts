import { OWN_TABLES, type OwnColumn, type OwnColumns, type OwnTableName, type Table } from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import { quoted, quotedName } from '../driver/source.js';

/** How far right of the names notes begin. */
const NOTES_AT = 25;

type Words = Pick<Dialect, 'words' | 'own'>;
type Indexes = Readonly<Record<string, readonly string[]>>;

/** The statements that make one of jobsweep's own tables where it is missing, in the order they are run in. */
export function ownDdl(words: Words, which: OwnTableName, table: Table): string[] {
  const { columns, indexes }: { readonly columns: OwnColumns; readonly indexes: Indexes } = OWN_TABLES[which];
  const { own } = words;
  const name = quotedName(words.words, table);
  const width = Math.max(...Object.keys(columns).map(({ length }) => length));
  const lines = Object.entries(columns).map(([column, of]) => {
    const type = `${typeOf(words, of)}${of.isNullable === true ? '' : ' NOT NULL'},`;
    const line = `  ${column.padEnd(width)} ${type}`;
    return of.note === undefined ? line : `${line.padEnd(width + NOTES_AT)} -- ${of.note}`;
  });
  const keys = [`PRIMARY KEY (${table.key.join(', ')})`];
  const apart: string[] = [];
  for (const [suffix, of] of Object.entries(indexes)) {
    const index = quoted(words.words, `${table.name}_${suffix}`);
    if (own.indexesInTable) keys.push(`KEY ${index} (${of.join(', ')})`);
    else apart.push(`CREATE INDEX IF NOT EXISTS ${index} ON ${name} (${of.join(', ')})`);
  }
  const all = [...lines, `  ${keys.join(',\n  ')}`].join('\n');
  return [`CREATE TABLE IF NOT EXISTS ${name} (\n${all}\n)${own.tableOptions}`, ...apart];
}

const typeOf = ({ own }: Words, { type, characters }: OwnColumn): string =>
  characters === undefined ? own.types[type] : `${own.types[type]}(${characters})`;
