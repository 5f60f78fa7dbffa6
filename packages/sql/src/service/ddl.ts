import {
  CLAIM_COLUMNS,
  HISTORY_COLUMNS,
  HISTORY_INDEXES,
  type OwnColumn,
  type OwnColumns,
  type OwnTableSet,
  type Table,
} from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import { quoted, quotedName } from '../driver/source.js';

/** How far right of the names notes begin. */
const NOTES_AT = 25;

type Words = Pick<Dialect, 'words' | 'own'>;
type Indexes = Readonly<Record<string, readonly string[]>>;

/** The columns of each table. */
export const COLUMNS: Readonly<Record<keyof OwnTableSet, OwnColumns>> = {
  claims: CLAIM_COLUMNS,
  history: HISTORY_COLUMNS,
};

/** The statements that make jobsweep's own tables where they are missing, in the order they are run in. */
export function ownDdl(words: Words, { claims, history }: OwnTableSet): Record<keyof OwnTableSet, readonly string[]> {
  return {
    claims: tableDdl(words, claims, COLUMNS.claims, {}),
    history: tableDdl(words, history, COLUMNS.history, HISTORY_INDEXES),
  };
}

function tableDdl(words: Words, table: Table, columns: OwnColumns, indexes: Indexes): string[] {
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
