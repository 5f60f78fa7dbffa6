import { allOf, anyOf, type Condition, EVERY, isIn, type Mapped, not, type Tx } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { mongoContext } from '../src/context.js';
import { MongoDriver } from '../src/driver/mongo-driver.js';
import { storeOn } from '../src/mongo-store.js';
import { has, useDatabase } from './support/database.js';

/** What the rules of today do not ask, and the tree of conditions can say. */
describe.runIf(has('mongodb'))('the driver', () => {
  const database = useDatabase('mongodb');
  const within = <Result>(work: (tx: Tx, mapped: Mapped) => Promise<Result>) => {
    const context = mongoContext(database.connection, {});
    const driver = new MongoDriver(context);
    return storeOn(context).transaction(async (session) =>
      work(await driver.open(session, 'read'), context.mapping.mapped),
    );
  };
  const allocations = (where: (mapped: Mapped) => Condition) =>
    within(async (tx, mapped) => {
      const { rows: table } = mapped.allocations;
      const rows = await tx.page({ table, where: where(mapped), columns: [], limit: 10 });
      const [counted] = await tx.count({ table, where: where(mapped) });
      expect(counted?.rows).toBe(rows.length);
      return rows.map(({ key }) => key[0]);
    });
  const text = (...ids: readonly string[]) => ids.map((id) => JSON.stringify(id));

  test('tells a row from its siblings, in whatever part of a condition they are', async () => {
    await database.allocations.insertMany(
      [
        ['alone', 1],
        ['one', 2],
        ['other', 2],
        ['odd', 3],
        ['even', 3],
      ].map(([id, jobId]) => ({ _id: id as never, jobId, status: id === 'odd' ? 'ALLOCATED' : 'RESERVED' })),
    );
    const sibling = ({ allocations: { siblings } }: Mapped): Condition => ({
      exists: siblings,
      where: isIn('status', ['RESERVED']),
    });
    const none = await allocations((mapped) => not(sibling(mapped)));
    expect(none).toEqual(text('alone', 'even'));
    const some = await allocations(sibling);
    expect(some).toEqual(text('odd', 'one', 'other'));
    const either = await allocations((mapped) => anyOf(isIn('_id', ['even']), sibling(mapped)));
    expect(either).toEqual(text('even', 'odd', 'one', 'other'));
  });

  test('tells rows without a parent from those whose parent is another one', async () => {
    await database.jobs.insertMany([{ _id: 1 as never, state: 'RUNNING' }, { _id: 2 as never }]);
    await database.allocations.insertMany(['1', '2', '9'].map((id) => ({ _id: id as never, jobId: Number(id) })));
    const running = isIn('state', ['RUNNING']);
    expect(await allocations(({ allocations: { job } }) => not({ exists: job, where: running }))).toEqual(
      text('2', '9'),
    );
    expect(await allocations(({ allocations: { job } }) => not({ exists: job, where: EVERY }))).toEqual(text('9'));
    expect(await allocations(({ allocations: { job } }) => ({ exists: job, where: not(running) }))).toEqual(text('2'));
    expect(await allocations(({ allocations: { job } }) => allOf(EVERY, { exists: job, where: anyOf() }))).toEqual([]);
  });
});
