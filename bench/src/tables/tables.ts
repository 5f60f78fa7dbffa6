import type { Content } from '../facts.js';
import { makeTables } from './sql.js';
import { leftInTables } from './sql-left.js';

/** The tables of one database. */
export interface Tables {
  /** Makes them anew; ages count from `base`. */
  make(content: Content, base: Date): Promise<void>;
  /** What is in them, as a text that is the same for the same rows: times after `base` count as one. */
  left(base: Date): Promise<string>;
}

export const tablesOf = (url: string): Tables => ({
  make: (content, base) => makeTables(url, content, base),
  left: (base) => leftInTables(url, base),
});
