import {
  invalidOption,
  JobsweepError,
  Mapped,
  type MappedParts,
  resolveFilters,
  resolveSchema,
  type Schema,
} from '@jobsweep/core';
import type { Dialect } from './dialect.js';
import { SqlDriver } from './driver/sql-driver.js';
import type { SqlLibrary } from './library.js';
import type { SqlStoreOptions } from './options.js';
import { Sessions } from './sessions.js';
import { resolveTouch } from './touch.js';

/** What a repository and the transactions of its store share. */
export interface SqlContext<Session extends object> {
  readonly library: SqlLibrary<Session>;
  readonly dialect: Dialect;
  readonly sessions: Sessions<Session>;
  readonly driver: SqlDriver<Session>;
  readonly mapping: MappedParts;
}

/** Throws `INVALID_SCHEMA` for a mapping that contradicts itself, `INVALID_OPTION` for filters or touched columns that do. */
export function sqlContext<Session extends object>(
  library: SqlLibrary<Session>,
  dialect: Dialect,
  options: Pick<SqlStoreOptions, 'schema' | 'filters' | 'touch' | 'prepare' | 'clock'>,
): SqlContext<Session> {
  const schema = resolveSchema(options.schema, dialect.defaultCodec);
  requireNames(schema, dialect.catalog);
  const filters = resolveFilters(options.filters, { key: schema.jobs.columns.id }, dialect.defaultCodec);
  const touch = resolveTouch(options.touch, schema, dialect.defaultCodec);
  const mapping = { schema, filters, touch };
  const sessions = new Sessions(library, dialect);
  const jobs = new Mapped(mapping).jobs.rows;
  const wrapIdentifier = library.wrapIdentifier?.bind(library);
  const driver = new SqlDriver<Session>({
    ...{ wrapIdentifier, dialect, sessions, clock: options.clock, first: jobs },
    prepares: preparesIn(dialect, options.prepare),
  });
  return { library, dialect, sessions, driver, mapping };
}

/** Throws `INVALID_SCHEMA` for an archive whose name a server would cut, maybe to that of the table itself. */
function requireNames({ archive }: Schema, { maxNameBytes }: Dialect['catalog']): void {
  const long = archive?.find(({ name }) => Buffer.byteLength(name) > maxNameBytes);
  if (long === undefined) return;
  const message = `${long.path} is '${long.name}', which has more than ${maxNameBytes} bytes. Give it a shorter name.`;
  throw new JobsweepError('INVALID_SCHEMA', message);
}

/** Whether statements are to be prepared. Throws `INVALID_OPTION` where they cannot be. */
function preparesIn({ bindsLists }: Dialect, prepare = false): boolean {
  if (typeof prepare !== 'boolean') throw invalidOption('prepare', prepare, 'give true or false');
  if (prepare && !bindsLists) throw invalidOption('prepare', prepare, 'leave it out, it is for PostgreSQL alone');
  return prepare;
}
