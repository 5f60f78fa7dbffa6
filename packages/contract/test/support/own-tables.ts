import type { ClaimRow, MemoryDatabase, OwnTableName } from '@jobsweep/core/memory';
import type { OwnTablesSide } from '../../src/index.js';
import { anotherTurn } from './turns.js';

/** jobsweep's own tables in memory, past the adapter. */
export function memoryOwnTables(database: MemoryDatabase): OwnTablesSide {
  return {
    async drop() {
      database.dropTable('jobsweep_claims');
      database.dropTable('jobsweep_history');
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

function aged({ startTime, endTime, expiryTime, progressTime }: ClaimRow, seconds: number) {
  const earlier = (time: string | null) =>
    time && new Date(Date.parse(time) - seconds * 1000).toISOString().replace('Z', `${time.slice(23, 26)}Z`);
  return {
    startTime: earlier(startTime),
    endTime: earlier(endTime),
    expiryTime: earlier(expiryTime),
    progressTime: earlier(progressTime),
  };
}
