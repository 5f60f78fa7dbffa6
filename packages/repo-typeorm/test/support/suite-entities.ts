import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { type AllocationEntity, type EntitiesOption, type JobEntity, jobsweepEntities } from '../../src/index.js';
import type { SqlEngine } from './data-source.js';

/** The default entities as users extend them: with the suite's columns, and taking its rows that are not quite right. */
export function suiteEntities(engine: SqlEngine) {
  const { jobs, allocations } = jobsweepEntities(engine);
  // MariaDB's own default takes no text but that of western Europe.
  const charset = engine === 'postgres' ? {} : { charset: 'utf8mb4' };
  const note: EntitySchemaColumnOptions = { type: 'varchar', nullable: true, ...charset };
  return {
    jobs: new EntitySchema<JobEntity & Record<'tenant' | 'pinned' | 'heartbeat' | 'note', unknown>>({
      ...jobs.options,
      columns: {
        ...jobs.options.columns,
        state: { type: 'varchar', nullable: true },
        tenant: { type: 'bigint', nullable: true },
        pinned: { type: 'boolean', nullable: true },
        heartbeat:
          engine === 'postgres'
            ? { type: 'timestamptz', nullable: true }
            : { type: 'datetime', precision: 6, nullable: true },
        note,
      },
    }),
    allocations: new EntitySchema<AllocationEntity & Record<'note', unknown>>({
      ...allocations.options,
      columns: {
        ...allocations.options.columns,
        jobId: { name: 'job_id', type: 'bigint', nullable: true },
        status: { type: 'varchar', nullable: true },
        note,
      },
      relations: { job: { type: 'many-to-one', target: jobs.options.name, joinColumn: { name: 'job_id' } } },
    }),
  } satisfies EntitiesOption;
}
