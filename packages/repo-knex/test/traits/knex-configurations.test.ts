import type { Knex } from 'knex';
import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { TABLES } from '../support/cluster.js';
import { DEFAULT_LAYOUT, describeLayout } from '../support/layout.js';

const toSnake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (name: string) => name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** As people write it for whole results: rows, arrays of rows, and the driver's own results. */
const camelKeys = (result: unknown): unknown => {
  if (Array.isArray(result)) return result.map(camelKeys);
  if (result === null || typeof result !== 'object' || Object.getPrototypeOf(result) !== Object.prototype) {
    return result;
  }
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [toCamel(key), value]));
};

const CAMEL_COLUMNS: Knex.Config = {
  wrapIdentifier: (name, wrap) => wrap(name === '*' ? name : toSnake(name)),
  postProcessResponse: camelKeys,
};

describe('knex', () => {
  describeLayout('that turns camelCase into snake_case and back', {
    knex: CAMEL_COLUMNS,
    schema: {
      jobs: {
        columns: { startTime: 'startTime', endTime: 'endTime', errorMsg: 'errorMsg', exitCode: 'exitCode' },
      },
      allocations: {
        table: 'resourceAllocations',
        columns: { jobId: 'jobId', allocationTime: 'allocationTime', releasedTime: 'releasedTime' },
      },
    },
  });

  describeLayout('that turns camelCase into snake_case and back, with names as the database has them', {
    knex: CAMEL_COLUMNS,
  });

  describeLayout('that upper-cases every identifier, and nothing on the way back', {
    tables: `create schema "LOUD"; create table "LOUD"."JOBS" ("ID" bigint primary key, "NAME" text, "STATE" text,
        "START_TIME" timestamptz, "END_TIME" timestamptz, "ERROR_MSG" text, "EXIT_CODE" text);
      create table "LOUD"."RESOURCE_ALLOCATIONS" ("ID" bigint primary key, "JOB_ID" bigint references "LOUD"."JOBS",
        "STATUS" text, "ALLOCATION_TIME" timestamptz, "RELEASED_TIME" timestamptz);`,
    knex: { wrapIdentifier: (name, wrap) => wrap(name.toUpperCase()) },
    schema: { jobs: { schema: 'loud' }, allocations: { schema: 'loud' } },
    jobs: {
      table: '"LOUD"."JOBS"',
      id: '"ID"',
      name: '"NAME"',
      state: '"STATE"',
      startTime: '"START_TIME"',
      endTime: '"END_TIME"',
      errorMsg: '"ERROR_MSG"',
      exitCode: '"EXIT_CODE"',
    },
    allocations: {
      table: '"LOUD"."RESOURCE_ALLOCATIONS"',
      id: '"ID"',
      jobId: '"JOB_ID"',
      status: '"STATUS"',
      allocationTime: '"ALLOCATION_TIME"',
      releasedTime: '"RELEASED_TIME"',
    },
  });

  describeLayout('with a search path', {
    tables: `create schema batch; set search_path to batch; ${TABLES}`,
    knex: { searchPath: ['nowhere', 'batch'] },
    jobs: { ...DEFAULT_LAYOUT.jobs, table: 'batch.jobs' },
    allocations: { ...DEFAULT_LAYOUT.allocations, table: 'batch.resource_allocations' },
  });

  describeLayout('that leaves values out of its error texts', { knex: { compileSqlOnError: false } });

  describeLayout('with a pool of one connection', { knex: { pool: { min: 1, max: 1 } } });
});

describe('a driver', () => {
  const { builtins } = pg.types;
  const types = [builtins.INT8, builtins.TIMESTAMPTZ, builtins.TIMESTAMP, builtins.NUMERIC, builtins.BOOL];
  const usual = types.map((type) => pg.types.getTypeParser(type) as (text: string) => unknown);

  beforeAll(() => {
    pg.types.setTypeParser(builtins.INT8, BigInt);
    pg.types.setTypeParser(builtins.TIMESTAMPTZ, (text) => ({ text }));
    pg.types.setTypeParser(builtins.TIMESTAMP, (text) => ({ text }));
    pg.types.setTypeParser(builtins.NUMERIC, Number);
  });
  afterAll(() => {
    for (const [index, type] of types.entries()) pg.types.setTypeParser(type, usual[index] ?? String);
  });

  describeLayout('that parses integers as BigInt and times as objects of its own', {
    id: (number) => String(9_007_199_254_740_992n + BigInt(number)),
  });
});
