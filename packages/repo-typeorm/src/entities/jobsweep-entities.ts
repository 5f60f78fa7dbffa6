import type { JobState, ResourceStatus } from '@jobsweep/core';
import { EntitySchema, type EntitySchemaColumnOptions, type EntitySchemaIndexOptions } from 'typeorm';

/** A job as TypeORM gives it from the default table; `bigint` comes as text. */
export interface JobEntity {
  id: string;
  name: string | null;
  state: JobState;
  startTime: Date | null;
  endTime: Date | null;
  errorMsg: string | null;
  exitCode: string | null;
}

/** An allocation as TypeORM gives it from the default table. */
export interface AllocationEntity {
  id: string;
  jobId: string;
  job?: JobEntity;
  status: ResourceStatus;
  allocationTime: Date | null;
  releasedTime: Date | null;
}

/** Both, in the form that the option `entities` takes. */
export interface JobsweepEntities {
  readonly jobs: EntitySchema<JobEntity>;
  readonly allocations: EntitySchema<AllocationEntity>;
}

const JOB = 'JobsweepJob';
const ALLOCATION = 'JobsweepAllocation';

/**
 * Entities of the default tables, for those who have none yet: `synchronize` and generated migrations then make the
 * tables, with the foreign key and the indexes that the strategies want.
 *
 * @param type that of the data source: databases keep times in columns of different types.
 * @example
 * const entities = jobsweepEntities('postgres');
 * const dataSource = new DataSource({ type: 'postgres', url, entities: Object.values(entities) });
 * const store = typeormStore(await dataSource.initialize(), { entities });
 */
export function jobsweepEntities(type: 'postgres' | 'mysql' | 'mariadb'): JobsweepEntities {
  const isPostgres = type === 'postgres';
  const id: EntitySchemaColumnOptions = { type: 'bigint', primary: true, generated: 'increment' };
  const word: EntitySchemaColumnOptions = { type: 'varchar' };
  const time = (name: string): EntitySchemaColumnOptions =>
    isPostgres
      ? { name, type: 'timestamptz', nullable: true }
      : { name, type: 'datetime', precision: 6, nullable: true };
  /** PostgreSQL's index has the rows of a rule alone; the others' begins with what the rule asks for. */
  const index = (name: string, state: string, columns: string[], where: string): EntitySchemaIndexOptions =>
    isPostgres ? { name, columns, where: `${state} ${where}` } : { name, columns: [state, ...columns] };

  const jobs = new EntitySchema<JobEntity>({
    name: JOB,
    tableName: 'jobs',
    columns: {
      id,
      name: { ...word, nullable: true },
      state: word,
      startTime: time('start_time'),
      endTime: time('end_time'),
      errorMsg: { name: 'error_msg', type: 'text', nullable: true },
      exitCode: { ...word, name: 'exit_code', nullable: true },
    },
    indices: [
      index('jobsweep_jobs_running', 'state', ['startTime', 'id'], "= 'RUNNING'"),
      index('jobsweep_jobs_finished', 'state', ['endTime', 'id'], "IN ('COMPLETED', 'FAILED', 'CANCELLED')"),
    ],
  });
  const allocations = new EntitySchema<AllocationEntity>({
    name: ALLOCATION,
    tableName: 'resource_allocations',
    columns: {
      id,
      jobId: { name: 'job_id', type: 'bigint' },
      status: word,
      allocationTime: time('allocation_time'),
      releasedTime: time('released_time'),
    },
    relations: { job: { type: 'many-to-one', target: JOB, joinColumn: { name: 'job_id' }, nullable: false } },
    indices: [
      index('jobsweep_allocations_unreleased', 'status', ['id'], "IN ('RESERVED', 'ALLOCATED')"),
      index('jobsweep_allocations_reserved', 'status', ['allocationTime', 'id'], "= 'RESERVED'"),
      { name: 'jobsweep_allocations_job', columns: ['jobId'] },
    ],
  });
  return { jobs, allocations };
}
