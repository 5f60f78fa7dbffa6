import { invalidOption } from '@jobsweep/core';
import { type Dialect, mysqlDialect, postgresDialect } from '@jobsweep/sql';
import type { DataSource } from 'typeorm';

/** The dialect of a data source. Throws `INVALID_OPTION` for a database that is not supported. */
export function dialectOf({ options }: DataSource): Dialect {
  if (options.type === 'postgres') return postgresDialect();
  if (options.type === 'mysql' || options.type === 'mariadb') return mysqlDialect();
  throw invalidOption('dataSource.options.type', options.type, "use a data source of 'postgres', 'mysql' or 'mariadb'");
}
