import { resolveSchema } from '@jobsweep/core';
import type { Knex } from 'knex';
import { dialectOf, type KnexStoreOptions } from './options.js';
import type { Tables } from './rows/tables.js';
import { Sessions } from './sessions.js';

/** What a repository and the transactions of its store share. */
export interface Context {
  readonly tables: Tables;
  readonly sessions: Sessions;
}

/** Throws `INVALID_OPTION` for an unsupported database and `INVALID_SCHEMA` for a mapping that contradicts itself. */
export function contextOf(knex: Knex, options: KnexStoreOptions): Context {
  const dialect = dialectOf(knex, options.clock);
  return { tables: { schema: resolveSchema(options.schema), dialect }, sessions: new Sessions(dialect) };
}
