import { MemoryDatabase, type MemorySession, type SessionOptions } from '../../src/memory/index.js';

/** A database with the jobs 1 and 2, and allocation 11 of job 1. */
export async function aDatabase(): Promise<MemoryDatabase> {
  const database = new MemoryDatabase();
  await database.seed({
    jobs: [
      { id: '1', state: 'RUNNING' },
      { id: '2', state: 'RUNNING' },
    ],
    allocations: [{ id: '11', jobId: '1', status: 'RESERVED' }],
  });
  return database;
}

/** Two transactions at once. */
export async function twoSessions(options?: SessionOptions): Promise<[MemoryDatabase, MemorySession, MemorySession]> {
  const database = await aDatabase();
  return [database, database.begin(options), database.begin(options)];
}

export const withId =
  (id: string) =>
  (row: { readonly id: string }): boolean =>
    row.id === id;

export const statesOf = (database: MemoryDatabase): (string | null)[] =>
  database.rows('jobs').map(({ state }) => state);
