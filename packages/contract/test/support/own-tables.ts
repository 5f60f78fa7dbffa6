import { CLAIM_COLUMNS, timeColumns } from '@jobsweep/core';
import type { MemoryDatabase, OwnRow, OwnTableName } from '@jobsweep/core/memory';
import type { OwnTablesSide } from '../../src/index.js';
import { anotherTurn } from './turns.js';

/** jobsweep's own tables in memory, past the adapter. */
export function memoryOwnTables(database: MemoryDatabase): OwnTablesSide {
  return {
    async drop() {
      database.dropTable('jobsweep_claims');
      database.dropTable('jobsweep_history');
      database.dropTable('jobsweep_changes');
    },
    async run(statement) {
      const [, table] = /^database\.createTable\('(\w+)'\);$/.exec(statement) ?? [];
      database.createTable(table as OwnTableName);
    },
    async age(seconds) {
      await anotherTurn();
      await database.transaction(async (session) => {
        for (const { id } of await session.lock('jobsweep_claims', () => true)) {
          const [row] = await session.select((view) => view.rows('jobsweep_claims', (each) => each.id === id));
          if (row !== undefined) await session.update('jobsweep_claims', (each) => each.id === id, aged(row, seconds));
        }
      });
    },
  };
}

const TIMES = timeColumns(CLAIM_COLUMNS);

function aged(row: OwnRow, seconds: number) {
  const earlier = (time: unknown) =>
    typeof time === 'string'
      ? new Date(Date.parse(time) - seconds * 1000).toISOString().replace('Z', `${time.slice(23, 26)}Z`)
      : null;
  return Object.fromEntries(TIMES.map((column) => [column, earlier(row[column])]));
}
