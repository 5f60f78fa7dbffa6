import { describe, expect, test } from 'vitest';
import { resolveSchema, type SchemaOptions } from '../../src/index.js';

const DEPENDENTS: SchemaOptions['dependents'] = {
  delete: [
    { table: 'logs', key: 'job_id', dependents: [{ schema: 'far', table: 'lines', key: 'log_id' }] },
    { table: 'edges', key: 'from_job' },
    { table: 'edges', key: 'to_job' },
  ],
};
const archiveOf = (archive: NonNullable<SchemaOptions['archive']>, more: SchemaOptions = { dependents: DEPENDENTS }) =>
  resolveSchema({ ...more, archive }).archive?.map(({ of, schema, name }) => [of.name, schema, name]);

describe('an archive', () => {
  test('is not there unless it is asked for', () => {
    expect(resolveSchema().archive).toBeNull();
    expect(resolveSchema({ archive: false }).archive).toBeNull();
  });

  test('is a table beside each one whose rows are deleted, once', () => {
    expect(archiveOf(true)).toEqual([
      ['jobs', undefined, 'jobs_archive'],
      ['resource_allocations', undefined, 'resource_allocations_archive'],
      ['logs', undefined, 'logs_archive'],
      ['lines', 'far', 'lines_archive'],
      ['edges', undefined, 'edges_archive'],
    ]);
  });

  test('may have other names, and a schema of its own', () => {
    const archive = { schema: 'old', tables: { jobs: 'work' } };
    expect(archiveOf(archive, { allocations: null })).toEqual([['jobs', 'old', 'work']]);
    expect(archiveOf({ schema: 'old', tables: { jobs: 'jobs' } }, { allocations: null })).toEqual([
      ['jobs', 'old', 'jobs'],
    ]);
  });

  test.each<[string, unknown, string]>([
    ['what is no object', 'old', 'schema.archive is "old"'],
    ['an option that is none', { table: 'old' }, 'schema.archive.table is not an option'],
    [
      'a table whose rows are not deleted',
      { tables: { users: 'old' } },
      'schema.archive.tables.users is not an option',
    ],
    ['no name', { tables: { jobs: '' } }, 'schema.archive.tables.jobs is ""'],
    [
      'the table itself',
      { tables: { jobs: 'logs' } },
      `schema.archive.tables.jobs is 'logs', which is the table "logs" itself`,
    ],
    [
      'one table for two',
      { tables: { jobs: 'old', logs: 'old' } },
      `schema.archive.tables.logs is 'old', which is the archive of "jobs" as well`,
    ],
  ])('refuses %s', (_what, archive, message) => {
    const resolving = () => archiveOf(archive as NonNullable<SchemaOptions['archive']>);
    expect(resolving).toThrow(expect.objectContaining({ code: 'INVALID_SCHEMA' }));
    expect(resolving).toThrow(message);
  });
});
