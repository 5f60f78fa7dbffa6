import { typeormStore } from '@jobsweep/repo-typeorm';
import { defineConfig } from '@jobsweep/runner';
import { DataSource, EntitySchema } from 'typeorm';

/** @type {import('typeorm').EntitySchemaColumnOptions} */
const time = { type: Date, nullable: true };
const Job = new EntitySchema({
  name: 'Job',
  tableName: 'jobs',
  columns: {
    id: { type: 'int', primary: true, generated: 'increment' },
    name: { type: 'varchar' },
    state: { type: 'varchar' },
    startTime: time,
    endTime: time,
    errorMsg: { type: 'text', nullable: true },
    exitCode: { type: 'varchar', nullable: true },
  },
});
const Lease = new EntitySchema({
  name: 'Lease',
  tableName: 'leases',
  columns: {
    id: { type: 'int', primary: true, generated: 'increment' },
    jobId: { type: 'int' },
    status: { type: 'varchar' },
    allocationTime: time,
    releasedTime: time,
  },
});

export default defineConfig({
  open: async () => {
    const dataSource = new DataSource({
      type: 'postgres',
      url: process.env.DATABASE_URL ?? '',
      entities: [Job, Lease],
    });
    await dataSource.initialize();
    try {
      const store = typeormStore(dataSource, { entities: { jobs: Job, allocations: Lease } });
      return { store, close: () => dataSource.destroy() };
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
  },
});
