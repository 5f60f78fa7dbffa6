import { variableOf } from '@jobsweep/test-engines';
import { enginesOfRun, serverUrl } from '@jobsweep/test-engines/vitest';
import { DATABASE_NAMES, type DatabaseName } from '../../src/adapters/pairs.js';

/** The demo's databases that `ENGINES` leaves. */
export function databasesOfRun(): DatabaseName[] {
  const engines = enginesOfRun();
  return DATABASE_NAMES.filter((name) => engines.includes(name));
}

/** What makes the demo use the server of the tests. */
export const serverEnv = (database: DatabaseName): NodeJS.ProcessEnv => ({
  [variableOf(database)]: serverUrl(database),
});
