import { describe, expect, it } from 'vitest';
import { resolveFilters, resolveSchema, type SchemaOptions, supportedStrategies } from '../../src/index.js';
import { errorWith } from '../support.js';

const invalid = (message: string) => errorWith('INVALID_SCHEMA', message);
const fromJson = (text: string) => JSON.parse(text) as SchemaOptions;

describe('a mapping that says nothing', () => {
  it('means the tables jobs and resource_allocations with their usual columns', () => {
    const { jobs, allocations } = resolveSchema();
    const instant = (column: string) => ({ column, codec: 'instant', unset: [] });
    expect(jobs).toMatchObject({ schema: undefined, table: 'jobs' });
    expect(jobs.columns).toEqual({
      id: ['id'],
      name: 'name',
      state: 'state',
      startTime: instant('start_time'),
      createdTime: null,
      endTime: [instant('end_time')],
      errorMsg: 'error_msg',
      exitCode: 'exit_code',
    });
    expect(allocations).toMatchObject({ schema: undefined, table: 'resource_allocations' });
    expect(allocations?.columns).toEqual({
      id: ['id'],
      jobId: ['job_id'],
      status: 'status',
      allocationTime: instant('allocation_time'),
      releasedTime: instant('released_time'),
      resource: [],
    });
  });
});

describe('names', () => {
  it('of tables, columns and database schemas are taken as they are', () => {
    const { jobs, allocations } = resolveSchema({
      jobs: { schema: 'batch', table: 'Work', columns: { id: 'work id', startTime: 'began' } },
      allocations: { schema: 'nodes', table: 'held', columns: { jobId: 'workId', releasedTime: 'freed' } },
    });
    expect(jobs).toMatchObject({ schema: 'batch', table: 'Work' });
    expect(jobs.columns).toMatchObject({ id: ['work id'], name: 'name', startTime: { column: 'began' } });
    expect(allocations).toMatchObject({ schema: 'nodes', table: 'held' });
    expect(allocations?.columns).toMatchObject({ id: ['id'], jobId: ['workId'], releasedTime: { column: 'freed' } });
  });

  it.each([
    ['{"jobs":{"table":""}}', 'schema.jobs.table is ""'],
    ['{"allocations":{"via":{}}}', 'schema.allocations.via.table is null'],
    ['{"jobs":{"schema":""}}', 'schema.jobs.schema is ""'],
    ['{"jobs":{"columns":{"state":7}}}', 'schema.jobs.columns.state is 7'],
    ['{"jobs":{"columns":{"endTime":""}}}', 'schema.jobs.columns.endTime is ""'],
    ['{"allocations":{"schema":5}}', 'schema.allocations.schema is 5'],
    ['{"allocations":{"columns":{"jobId":""}}}', 'schema.allocations.columns.jobId is ""'],
  ])('must be texts: %s', (text, problem) => {
    expect(() => resolveSchema(fromJson(text))).toThrow(invalid(`${problem}. Give the name as the database has it.`));
  });

  it.each([
    ['{"job":{}}', 'schema.job is not an option. Use jobs, allocations, dependents, archive.'],
    ['{"jobs":{"tabel":"x"}}', 'schema.jobs.tabel is not an option. Use schema, table, columns, endedAs, states.'],
    [
      '{"jobs":{"columns":{"start_time":"x"}}}',
      'schema.jobs.columns.start_time is not an option. Use id, name, state, startTime, createdTime, endTime, errorMsg, exitCode.',
    ],
    [
      '{"allocations":{"states":{}}}',
      'schema.allocations.states is not an option. Use schema, table, columns, via, statuses.',
    ],
    [
      '{"allocations":{"columns":{"job":"x"}}}',
      'schema.allocations.columns.job is not an option. Use id, jobId, status, allocationTime, releasedTime, resource.',
    ],
    [
      '{"jobs":{"columns":{"endTime":{"column":"x","zone":"UTC"}}}}',
      'schema.jobs.columns.endTime.zone is not an option. Use column, codec, timeZone, unset.',
    ],
  ])('that nobody knows are refused: %s', (text, message) => {
    expect(() => resolveSchema(fromJson(text))).toThrow(invalid(message));
  });
});

describe('the time since when jobs wait', () => {
  it.each([
    ['{"createdTime":"start_time"}', 'start_time'],
    ['{"startTime":"queued_at","createdTime":{"column":"queued_at"}}', 'queued_at'],
    ['{"endTime":["done_at","gone_at"],"createdTime":"gone_at"}', 'gone_at'],
  ])('is neither their start nor their end: %s', (columns, column) => {
    const problem = `schema.jobs.columns.createdTime is '${column}', which holds the start or the end of jobs`;
    expect(() => resolveSchema(fromJson(`{"jobs":{"columns":${columns}}}`))).toThrow(
      invalid(`${problem}. Name the column that says since when a job is queued, or leave it out.`),
    );
  });
});

describe('keys', () => {
  it.each([
    ['"steps"', 'schema.allocations.via is "steps". Give an object.'],
    [
      '{"table":"steps","key":["a","b"]}',
      'schema.allocations.columns.jobId names job_id, and schema.allocations.via.key is a, b. Name as many columns, in the same order.',
    ],
    [
      '{"table":"steps","jobId":["a","b"]}',
      'schema.allocations.via.jobId names a, b, and the key of jobs is id. Name as many columns, in the same order.',
    ],
  ])('that a table between allocations and jobs cannot have: %s', (via, message) => {
    expect(() => resolveSchema(fromJson(`{"allocations":{"via":${via}}}`))).toThrow(invalid(message));
  });

  it('may have several columns, which allocations name in the same order', () => {
    const { jobs, allocations } = resolveSchema({
      jobs: { columns: { id: ['queue', 'number'] } },
      allocations: { columns: { id: ['kernel', 'slot'], jobId: ['queue', 'job_number'] } },
    });
    expect(jobs.columns.id).toEqual(['queue', 'number']);
    expect(allocations?.columns).toMatchObject({ id: ['kernel', 'slot'], jobId: ['queue', 'job_number'] });
  });

  it.each([
    ['{"jobs":{"columns":{"id":[]}}}', 'schema.jobs.columns.id is []. Name each column of the key once.'],
    ['{"jobs":{"columns":{"id":["a","a"]}}}', 'schema.jobs.columns.id is ["a","a"]. Name each column of the key once.'],
    ['{"jobs":{"columns":{"id":["a",""]}}}', 'schema.jobs.columns.id[1] is "". Give the name as the database has it.'],
    [
      '{"jobs":{"columns":{"id":["a",null]}}}',
      'schema.jobs.columns.id[1] is null. Give the name as the database has it.',
    ],
    [
      '{"jobs":{"columns":{"id":["queue","number"]}}}',
      'schema.allocations.columns.jobId names job_id, and the key of jobs is queue, number. Name as many columns, in the same order.',
    ],
  ])('have each column once, and as many in both tables: %s', (text, message) => {
    expect(() => resolveSchema(fromJson(text))).toThrow(invalid(message));
  });
});

describe('what tables may lack', () => {
  it('errorMsg and exitCode', () => {
    const { columns } = resolveSchema({ jobs: { columns: { errorMsg: null, exitCode: null } } }).jobs;
    expect(columns).toMatchObject({ errorMsg: null, exitCode: null });
  });

  it('the allocations: then only stuck and old jobs can be cleaned up', () => {
    const schema = resolveSchema({ allocations: null });
    expect(schema.allocations).toBeNull();
    expect(supportedStrategies({ schema, filters: resolveFilters() })).toEqual([
      'stuck_job_cleanup',
      'old_job_cleanup',
    ]);
  });

  it('nothing: then all strategies are there', () => {
    expect(supportedStrategies({ schema: resolveSchema(), filters: resolveFilters() })).toEqual([
      'completed_job_cleanup',
      'stale_reservation_cleanup',
      'stuck_job_cleanup',
      'old_job_cleanup',
      'orphaned_allocation_cleanup',
    ]);
  });

  it.each([{ scope: { tenant: 7 } }, { exclude: { name: 'nightly' } }])(
    'all jobs, by %j: then none can be told to be gone',
    (filters) => {
      const supported = supportedStrategies({ schema: resolveSchema(), filters: resolveFilters(filters) });
      expect(supported).not.toContain('orphaned_allocation_cleanup');
      expect(supported).toHaveLength(4);
    },
  );

  it('the times of allocations: then none is due by its age', () => {
    const columns = { allocationTime: null, releasedTime: null };
    const schema = resolveSchema({ allocations: { columns } });
    expect(schema.allocations?.columns).toMatchObject(columns);
    expect(supportedStrategies({ schema, filters: resolveFilters() })).toEqual([
      'completed_job_cleanup',
      'stuck_job_cleanup',
      'old_job_cleanup',
    ]);
  });

  it('reservations: then none can be stale', () => {
    const schema = resolveSchema({ allocations: { statuses: { ALLOCATED: 'busy', RELEASED: 'free' } } });
    expect(supportedStrategies({ schema, filters: resolveFilters() })).toEqual([
      'completed_job_cleanup',
      'stuck_job_cleanup',
      'old_job_cleanup',
      'orphaned_allocation_cleanup',
    ]);
  });

  it('every status but RELEASED: then nothing is ever held', () => {
    const schema = resolveSchema({ allocations: { statuses: { RELEASED: 'free' } } });
    expect(supportedStrategies({ schema, filters: resolveFilters() })).toEqual([
      'stuck_job_cleanup',
      'old_job_cleanup',
    ]);
  });
});
