import { invalidOption } from '@jobsweep/core';
import { type Dialect, mysqlDialect, postgresDialect } from '@jobsweep/sql';
import type { Knex } from 'knex';

/** The dialect of a knex instance. Throws `INVALID_OPTION` for a database that is not supported. */
export function dialectOf(knex: Knex): Dialect {
  const client = knex.client as { readonly dialect?: string; readonly driverName?: string };
  if (client.dialect === 'postgresql' && client.driverName === 'pg') return postgresDialect();
  if (client.dialect === 'mysql' && client.driverName === 'mysql2') return mysqlDialect();
  throw invalidOption(
    'knex client',
    client.driverName ?? client.dialect,
    "use knex({ client: 'pg' }) or knex({ client: 'mysql2' })",
  );
}
