/** A store in memory with damage for each strategy, and `old` jobs to purge; the rest of the config is `more`. */
export const inMemory = ({ old = 1, initialized = true, more = '', wrap = 'store' } = {}): string => `
import { MemoryDatabase, memoryStore } from '@jobsweep/core/memory';

const hoursAgo = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();

export default {
  async open() {
    const database = new MemoryDatabase();
    await database.seed({
      jobs: [
        { id: '1', name: 'report', state: 'COMPLETED', startTime: hoursAgo(3), endTime: hoursAgo(2) },
        { id: '2', name: 'render', state: 'RUNNING', startTime: hoursAgo(1) },
        { id: '3', name: 'crawl', state: 'RUNNING', startTime: hoursAgo(72) },
        { id: '4', name: 'export', state: 'RUNNING' },
        ...Array.from({ length: ${old} }, (_, index) => (
          { id: String(100 + index), name: 'old', state: 'FAILED', startTime: hoursAgo(1000), endTime: hoursAgo(990) }
        )),
      ],
      allocations: [
        { id: '11', jobId: '1', status: 'ALLOCATED', allocationTime: hoursAgo(3) },
        { id: '12', jobId: '2', status: 'RESERVED', allocationTime: hoursAgo(1) },
      ],
    });
    const store = memoryStore(database);
    if (${initialized}) await store.ownTables.create();
    return { store: ${wrap}, close: async () => {} };
  },
  ${more}
};
`;

/** A config that reaches PostgreSQL by \`PG_URL\`. */
export const onPostgres = (more: object = {}) => ({
  adapter: '@jobsweep/repo-knex',
  connection: { url: `$\{PG_URL}` },
  ...more,
});
