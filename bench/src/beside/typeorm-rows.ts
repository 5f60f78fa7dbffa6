import { DataSource, EntitySchema, In, LessThan } from 'typeorm';
import type { Act, Worker } from '../contender.js';
import { STALE_ERROR, STUCK_ERROR } from '../hand/words.js';
import {
  FINISHED_STATES,
  minutesAgo,
  OLD_MINUTES,
  STALE_MINUTES,
  STUCK_MINUTES,
  UNRELEASED_STATUSES,
} from './people.js';

interface JobEntity {
  id: string;
  state: string;
  startTime: Date;
  endTime: Date | null;
  errorMsg: string | null;
  exitCode: string | null;
}

interface AllocationEntity {
  id: string;
  status: string;
  allocationTime: Date;
  releasedTime: Date | null;
  job: JobEntity;
}

const jobs = (time: 'timestamptz' | 'datetime') =>
  new EntitySchema<JobEntity>({
    name: 'Job',
    tableName: 'jobs',
    columns: {
      id: { type: 'bigint', primary: true },
      state: { type: String },
      startTime: { name: 'start_time', type: time, precision: 6 },
      endTime: { name: 'end_time', type: time, precision: 6, nullable: true },
      errorMsg: { name: 'error_msg', type: String, nullable: true },
      exitCode: { name: 'exit_code', type: String, nullable: true },
    },
  });

const allocations = (time: 'timestamptz' | 'datetime') =>
  new EntitySchema<AllocationEntity>({
    name: 'Allocation',
    tableName: 'resource_allocations',
    columns: {
      id: { type: 'bigint', primary: true },
      status: { type: String },
      allocationTime: { name: 'allocation_time', type: time, precision: 6 },
      releasedTime: { name: 'released_time', type: time, precision: 6, nullable: true },
    },
    relations: { job: { type: 'many-to-one', target: 'Job', joinColumn: { name: 'job_id' } } },
  });

/** Row by row with TypeORM, as people write it: entities are found, changed and saved. */
export async function typeormRows(url: string): Promise<Worker> {
  const isMysql = url.startsWith('mysql:');
  const time = isMysql ? 'datetime' : 'timestamptz';
  const [Job, Allocation] = [jobs(time), allocations(time)];
  const source = new DataSource({
    ...(isMysql ? { type: 'mysql', timezone: 'Z' } : { type: 'postgres' }),
    url,
    entities: [Job, Allocation],
  });
  await source.initialize();
  const { manager } = source;
  const failed = (job: JobEntity, errorMsg: string, exitCode: string) =>
    manager.save(Job, { ...job, state: 'FAILED', endTime: new Date(), errorMsg, exitCode });
  const released = (allocation: AllocationEntity) =>
    manager.save(Allocation, { ...allocation, status: 'RELEASED', releasedTime: new Date() });

  const acts: Record<Act, () => Promise<number>> = {
    async purge() {
      const due = await manager.find(Job, {
        where: { state: In(FINISHED_STATES), endTime: LessThan(minutesAgo(OLD_MINUTES)) },
      });
      for (const job of due) {
        await manager.delete(Allocation, { job: { id: job.id } });
        await manager.remove(Job, job);
      }
      return due.length;
    },
    async release() {
      const where = { status: In(UNRELEASED_STATUSES), job: { state: In(FINISHED_STATES) } };
      const due = await manager.find(Allocation, { where, relations: { job: true } });
      for (const allocation of due) await released(allocation);
      return due.length;
    },
    async stale() {
      const where = {
        status: 'RESERVED',
        allocationTime: LessThan(minutesAgo(STALE_MINUTES)),
        job: { state: 'RUNNING' },
      };
      const due = await manager.find(Allocation, { where, relations: { job: true } });
      for (const allocation of due) {
        await failed(allocation.job, STALE_ERROR, '-3:0');
        await released(allocation);
      }
      return due.length;
    },
    async fail() {
      const where = { state: 'RUNNING', startTime: LessThan(minutesAgo(STUCK_MINUTES)) };
      const due = await manager.find(Job, { where });
      for (const job of due) {
        await failed(job, STUCK_ERROR, '-2:0');
        for (const allocation of await manager.find(Allocation, { where: { job: { id: job.id } } }))
          await released(allocation);
      }
      return due.length;
    },
  };
  return {
    drain: (act) => acts[act](),
    close: () => source.destroy(),
  };
}
