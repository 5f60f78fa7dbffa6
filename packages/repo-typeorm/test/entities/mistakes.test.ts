import type { ErrorCode } from '@jobsweep/core';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { type DataSource, EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TypeormStoreOptions, typeormStore } from '../../src/index.js';
import { dataSourceOf } from '../support/data-source.js';

type Columns = Readonly<Record<string, EntitySchemaColumnOptions | undefined>>;

const time = { type: 'timestamptz', nullable: true } as const;
const transformer = { to: String, from: String };
const JOB: Columns = {
  id: { type: 'bigint', primary: true },
  name: { type: 'varchar' },
  state: { type: 'varchar' },
  startTime: time,
  endTime: time,
  errorMsg: { type: 'text' },
  exitCode: { type: 'varchar' },
};
const STATES = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED'];

/** A jobs entity that differs in some columns, what its store is refused with, and the `schema` that puts it right. */
interface Mistake {
  readonly columns: Columns;
  readonly says: RegExp;
  readonly right: TypeormStoreOptions['schema'];
}

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'without a property for a word': {
    columns: { name: undefined, title: { type: 'varchar' } },
    says: /no property name.*entities\.jobs\.properties\.name/,
    right: { jobs: { columns: { name: 'title' } } },
  },
  'without an error message, which might have another name': {
    columns: { errorMsg: undefined },
    says: /no property errorMsg.*properties\.errorMsg .*or to null/,
    right: { jobs: { columns: { errorMsg: null } } },
  },
  'with an id of bytes': {
    columns: { id: { type: 'bytea', primary: true }, key: { type: 'uuid' } },
    says: /\.id is of type bytea.*schema\.jobs\.columns\.id/,
    right: { jobs: { columns: { id: 'key' } } },
  },
  "with a Date that is written in each process's own zone": {
    columns: { startTime: { type: Date, name: 'start_time', nullable: true } },
    says: /\.startTime is of type timestamp without time zone.*'timestamptz', or set schema\.jobs\.columns\.startTime to /,
    right: { jobs: { columns: { startTime: { column: 'start_time', codec: 'utcDateTime' } } } },
  },
  'with states as numbers': {
    columns: { state: { type: 'smallint' } },
    says: /\.state is of type smallint.*schema\.jobs\.states/,
    right: { jobs: { states: { RUNNING: 1, FAILED: 9 } } },
  },
  'with states that a transformer turns into something else': {
    columns: { state: { type: 'varchar', transformer } },
    says: /\.state has a transformer.*schema\.jobs\.states/,
    right: { jobs: { states: { RUNNING: 'r', FAILED: 'f' } } },
  },
  'with an enum without words for RUNNING': {
    columns: { state: { type: 'enum', enum: ['waiting', 'active', 'failed'] } },
    says: /schema\.jobs\.states\.RUNNING has no raw value/,
    right: { jobs: { states: { PENDING: 'waiting', RUNNING: 'active', FAILED: 'failed' } } },
  },
  'with times as numbers': {
    columns: { startTime: { type: 'int' } },
    says: /\.startTime is of type integer.*schema\.jobs\.columns\.startTime to \{ column: 'startTime', codec: 'epochSeconds' \}/,
    right: { jobs: { columns: { startTime: { column: 'startTime', codec: 'epochSeconds' } } } },
  },
  'with times as text': {
    columns: { endTime: { type: 'varchar' }, ended: time },
    says: /\.endTime is of type character varying, which holds no time.*schema\.jobs\.columns\.endTime/,
    right: { jobs: { columns: { endTime: 'ended' } } },
  },
  'with an exit code as a number': {
    columns: { exitCode: { type: 'int' } },
    says: /\.exitCode is of type integer.*schema\.jobs\.columns\.exitCode.*null/,
    right: { jobs: { columns: { exitCode: null } } },
  },
  'with an error message as JSON': {
    columns: { errorMsg: { type: 'simple-json' } },
    says: /\.errorMsg is of type simple-json.*schema\.jobs\.columns\.errorMsg/,
    right: { jobs: { columns: { errorMsg: null } } },
  },
  'with an error message that a transformer encrypts': {
    columns: { errorMsg: { type: 'text', transformer } },
    says: /\.errorMsg has a transformer.*schema\.jobs\.columns\.errorMsg to its name \(errorMsg\)/,
    right: { jobs: { columns: { errorMsg: 'errorMsg' } } },
  },
};

const names = Object.keys(MISTAKES);
const Plain = new EntitySchema({ name: 'Plain', columns: JOB });
const Enum = schemaOf('Enum', { ...JOB, state: { type: 'enum', enum: STATES } });
const View = new EntitySchema({ name: 'View', type: 'view', expression: 'select 1', columns: {} });
class Task {}
class Import extends Task {}
const Parent = new EntitySchema<Task>({
  ...schemaOf('Task', { ...JOB, kind: { type: 'varchar' } }).options,
  target: Task,
  inheritance: { pattern: 'STI', column: 'kind' },
});
const Child = new EntitySchema<Import>({ name: 'Import', type: 'entity-child', target: Import, columns: {} });
const Counted = schemaOf('Counted', { ...JOB, changed: { type: 'bigint', updateDate: true } });
const Coded = schemaOf('Coded', { ...JOB, code: { type: 'varchar', unique: true } });
const Booking = new EntitySchema<Record<string, unknown>>({
  name: 'Booking',
  columns: {
    id: { type: 'bigint', primary: true },
    status: { type: 'varchar' },
    allocationTime: time,
    releasedTime: time,
  },
  relations: {
    job: { type: 'many-to-one', target: 'Coded', joinColumn: { name: 'code', referencedColumnName: 'code' } },
  },
});

function schemaOf(name: string, columns: Columns): EntitySchema {
  const given = Object.entries(columns).filter(([, column]) => column !== undefined);
  return new EntitySchema({ name, columns: Object.fromEntries(given) });
}

describe('entities', () => {
  const database = freshDatabase('mistakes');
  let dataSource: DataSource;
  beforeAll(async () => {
    const wrong = names.map((name) => schemaOf(name, { ...JOB, ...MISTAKES[name]?.columns }));
    const entities = [...wrong, Plain, Enum, View, Parent, Child, Counted, Coded, Booking];
    dataSource = await dataSourceOf('postgres', database.url, { entities }).initialize();
  });
  afterAll(() => dataSource.destroy());

  const refused = (options: TypeormStoreOptions, code: ErrorCode, says: RegExp) =>
    expect(() => typeormStore(dataSource, options)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(says) }),
    );

  test.each(names)('%s are refused, with the option that puts it right', (name) => {
    const { says, right } = MISTAKES[name] as Mistake;
    refused({ entities: { jobs: name } }, 'INVALID_SCHEMA', says);
    expect(() => typeormStore(dataSource, { entities: { jobs: name }, ...(right && { schema: right }) })).not.toThrow();
  });

  test('are given by their class, their schema or their name', () => {
    class Plainly {}
    refused({ entities: { jobs: Plainly } }, 'INVALID_OPTION', /entities\.jobs is 'Plainly': add it to the `entities`/);
    for (const jobs of [Plain, 'Plain', { target: Plain }]) {
      expect(() => typeormStore(dataSource, { entities: { jobs } })).not.toThrow();
    }
  });

  test('that the data source does not know are refused', () => {
    const Unknown = new EntitySchema({ name: 'Unknown', columns: {} });
    refused({ entities: { jobs: Unknown } }, 'INVALID_OPTION', /entities\.jobs is 'Unknown'/);
    refused({ entities: { allocations: 'Nobody' } }, 'INVALID_OPTION', /entities\.allocations is 'Nobody'/);
    refused(
      { entities: { jobs: 'Plain' }, schema: { jobs: { columns: { endTime: '' } } } },
      'INVALID_SCHEMA',
      /endTime is ""/,
    );
    refused({ entities: { job: Plain } as object }, 'INVALID_OPTION', /entities\.job is/);
  });

  test('that are views are refused', () => {
    refused({ entities: { jobs: View } }, 'INVALID_OPTION', /entities\.jobs is 'View, a view'/);
  });

  test('that share their table with others are refused, and those that own it are not', () => {
    refused({ entities: { jobs: Import } }, 'INVALID_OPTION', /entities\.jobs is 'Import, one of several entities/);
    expect(() => typeormStore(dataSource, { entities: { jobs: Task } })).not.toThrow();
  });

  test('are refused properties that they do not have', () => {
    const jobs = { target: Plain, properties: { startTime: 'began' } };
    refused({ entities: { jobs } }, 'INVALID_OPTION', /entities\.jobs\.properties\.startTime is 'began'/);
  });

  test.each([
    ['entities.allocations is null', { allocations: null }],
    ['entities.jobs is 7', { jobs: 7 }],
    ['entities.jobs.entity', { jobs: { target: 'Plain', entity: 'Plain' } }],
    ['entities.jobs.properties.began', { jobs: { target: 'Plain', properties: { began: 'startTime' } } }],
    ['entities.jobs.properties.name is null', { jobs: { target: 'Plain', properties: { name: null } } }],
  ])('are refused in a form that says nothing: %s', (says, wrong) => {
    refused({ entities: wrong as NonNullable<TypeormStoreOptions['entities']> }, 'INVALID_OPTION', new RegExp(says));
  });

  test('with an enum are refused raw values that it does not have', () => {
    const schema = { jobs: { states: { RUNNING: 'RUNNING', FAILED: 'BROKEN' } } };
    refused({ entities: { jobs: Enum }, schema }, 'INVALID_SCHEMA', /schema\.jobs\.states names "BROKEN".*FAILED/);
  });

  test('with an update column that counts are refused without its unit', () => {
    refused({ entities: { jobs: Counted } }, 'INVALID_SCHEMA', /changed is of type bigint.*Set touch\.jobs\.now/);
    const touch = { jobs: { now: [{ column: 'changed', codec: 'epochMillis' }] } } as const;
    expect(() => typeormStore(dataSource, { entities: { jobs: Counted }, touch })).not.toThrow();
  });

  test('whose relation leads to another column than the id are refused', () => {
    refused(
      { entities: { jobs: Coded, allocations: Booking } },
      'INVALID_SCHEMA',
      /Booking\.job.*code.*jobs\.columns\.id/,
    );
    const schema = { jobs: { columns: { id: 'code' } } };
    expect(() => typeormStore(dataSource, { entities: { jobs: Coded, allocations: Booking }, schema })).not.toThrow();
  });
});
