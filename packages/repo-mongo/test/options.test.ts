import type { ErrorCode, SchemaOptions } from '@jobsweep/core';
import { USUAL_STRATEGY_NAMES } from '@jobsweep/core';
import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';

const connection = mongoose.createConnection();
const refused = (code: ErrorCode, message: RegExp): Error =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

test('a connection is asked nothing before it is used', async () => {
  const store = mongoStore(connection);
  expect(store.capabilities).toEqual({
    strategies: USUAL_STRATEGY_NAMES,
    transactions: true,
    skipsLocked: false,
    readFence: true,
  });
  await expect(store.transaction(() => Promise.resolve())).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    message: expect.stringContaining('never opened'),
  });
});

test('a server counts as lost five seconds after a command may have taken its time', () => {
  expect(mongoStore(connection, { statementTimeoutSeconds: 7 }).deadlineSeconds).toBe(12);
});

test('without a fence, and without transactions, nothing is promised about rows that are only relied on', () => {
  expect(mongoStore(connection, { fenceField: null }).capabilities.readFence).toBe(false);
  expect(mongoStore(connection, { allowNonAtomic: true }).capabilities).toMatchObject({
    transactions: false,
    readFence: false,
  });
});

test.each<[MongoStoreOptions, RegExp]>([
  [{ statementTimeoutSeconds: 0 }, /statementTimeoutSeconds is 0/],
  [{ maxAttempts: 1.5 }, /maxAttempts is 1.5/],
  [{ idType: 'int' as never }, /idType is 'int'.*objectId/],
  [{ filters: { scope: { tenant: [] } } }, /filters.scope.tenant/],
])('%j is refused', (options, message) => {
  expect(() => mongoStore(connection, options)).toThrow(refused('INVALID_OPTION', message));
});

test('a table between allocations and jobs is refused', () => {
  const schema = { allocations: { via: { table: 'steps' } } };
  const message = /schema.allocations.via is 'steps'.*Keep the id of the job/;
  expect(() => mongoStore(connection, { schema })).toThrow(refused('UNSUPPORTED_SCHEMA', message));
});

test.each<[SchemaOptions, RegExp]>([
  [
    { jobs: { columns: { startTime: { column: 'start', codec: 'utcDateTime' } } } },
    /startTime.codec is 'utcDateTime'.*instant/,
  ],
  [{ jobs: { schema: 'batch' } }, /schema.jobs.schema is 'batch'.*useDb/],
  [{ jobs: { columns: { state: '$where' } } }, /columns.state is '\$where'/],
  [{ jobs: { columns: { id: ['queue', 'number'] } }, allocations: null }, /columns.id names 2 fields.*'_id'/],
  [{ allocations: { columns: { releasedTime: { column: 'free', unset: ['infinity'] } } } }, /unset holds 'infinity'/],
])('%j is refused', (schema, message) => {
  expect(() => mongoStore(connection, { schema })).toThrow(refused('INVALID_SCHEMA', message));
});
