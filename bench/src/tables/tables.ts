import type { Content } from '../facts.js';
import { leftInCollections, makeCollections } from './mongo.js';
import { makeTables } from './sql.js';
import { leftInTables } from './sql-left.js';

/** The tables of one database. */
export interface Tables {
  /** Makes them anew; ages count from `base`. */
  make(content: Content, base: Date): Promise<void>;
  /** What is in them, as a text that is the same for the same rows: times after `base` count as one. */
  left(base: Date): Promise<string>;
}

export function tablesOf(url: string): Tables {
  const [make, left] = url.startsWith('mongodb') ? [makeCollections, leftInCollections] : [makeTables, leftInTables];
  return { make: (content, base) => make(url, content, base), left: (base) => left(url, base) };
}
