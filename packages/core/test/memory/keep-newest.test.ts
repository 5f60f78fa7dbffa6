import { describe, expect, test } from 'vitest';
import { resolveFilters } from '../../src/index.js';
import { MemoryCleanupRepository, MemoryDatabase } from '../../src/memory/index.js';
import type { ContextParts } from '../../src/protocol/context.js';
import { withId } from './support.js';

/** Four finished jobs, of which the newest two stay. */
async function aDatabase(): Promise<MemoryDatabase> {
  const database = new MemoryDatabase();
  const ended = (id: string, day: string) => ({ id, state: 'FAILED', endTime: `2026-01-${day}T00:00:00.000Z` });
  await database.seed({ jobs: [ended('1', '01'), ended('2', '02'), ended('3', '03'), ended('4', '04')] });
  return database;
}

/** @param meanwhile happens and is committed after the newest jobs were found, and before they are locked. */
async function deleted(database: MemoryDatabase, columns: { readonly endTime?: string; readonly state?: string }) {
  const meanwhile: ContextParts['tx'] = (tx) =>
    Object.assign(Object.create(tx) as typeof tx, {
      async lock(...given: Parameters<typeof tx.lock>) {
        if (given[4] === 'share') {
          const other = database.begin();
          await other.update('jobs', withId('4'), () => columns);
          await other.commit();
        }
        return tx.lock(...given);
      },
    });
  const filters = { keepNewest: { count: 2 } };
  const repository = new MemoryCleanupRepository(database, { filters }, { tx: meanwhile });
  const session = database.begin();
  const contended: string[] = [];
  await repository.deleteJobsBatch(session, await repository.getOldJobs(session, null), {
    onOutcome: (outcome) => contended.push(...outcome.contended.map(({ id }) => id)),
  });
  await session.commit();
  return { left: database.rows('jobs').map(({ id }) => id), contended };
}

describe('The newest jobs', () => {
  test.each([
    { what: 'ended earlier than was seen', columns: { endTime: '2025-01-01T00:00:00.000Z' } },
    { what: 'runs again', columns: { state: 'RUNNING' } },
  ])(
    'are looked at once more when they are locked: one that $what leaves its group to the next pass',
    async ({ columns }) => {
      expect(await deleted(await aDatabase(), columns)).toEqual({ left: ['1', '2', '3', '4'], contended: ['1'] });
    },
  );
});

test.each([
  [{ count: 0 }, 'filters.keepNewest.count is 0: give a whole number from 1 to 5000.'],
  [{ count: 1.5 }, 'filters.keepNewest.count is 1.5: give a whole number from 1 to 5000.'],
  [{ cuont: 5 }, "filters.keepNewest.cuont is 'cuont': use count, per."],
  [{ count: 5, per: 'queue' }, "filters.keepNewest.per is 'queue': use 'all', 'name' or { column }."],
  [{ count: 5, per: { column: '' } }, "filters.keepNewest.per.column is '': give the name as the database has it."],
])('%j of the newest to be kept is refused', (keepNewest, message) => {
  expect(() => resolveFilters({ keepNewest } as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) as string }),
  );
});
