import { enginesOfRun, serverUrl } from '@jobsweep/test-engines/vitest';
import { DATABASE_NAMES, type DatabaseName } from '../../src/adapters/pairs.js';

const VARIABLES = { postgres: 'PG_URL', mysql: 'MYSQL_URL', mariadb: 'MARIADB_URL' } as const satisfies Record<
  DatabaseName,
  string
>;

/** The demo's databases that `ENGINES` leaves. */
export function databasesOfRun(): DatabaseName[] {
  const engines = enginesOfRun();
  return DATABASE_NAMES.filter((name) => engines.includes(name));
}

/** What makes the demo use the server of the tests. */
export const serverEnv = (database: DatabaseName): NodeJS.ProcessEnv => ({
  [VARIABLES[database]]: serverUrl(database),
});
