import { beforeEach, describe, expect, test } from 'vitest';
import { mongoStore } from '../../src/index.js';
import { has, useDatabase } from '../support/database.js';

describe.runIf(has('mongodb'))('a survey, of which nothing is mapped', () => {
  const database = useDatabase('mongodb');
  const plain = () => database.connection.getClient().db(database.connection.name);
  const survey = () => {
    const { survey: found } = mongoStore(database.connection).inspect;
    if (found === undefined) throw new Error('There is one');
    return found;
  };
  const builds = () => plain().collection('builds');
  const place = { schema: '', isOwn: true, name: 'builds' };

  beforeEach(async () => {
    await builds().drop();
    const indexes = [
      { key: { no: 1 }, name: 'no', unique: true },
      { key: { phase: 1 }, name: 'phase', unique: true, sparse: true },
    ];
    await plain().command({ createIndexes: 'builds', indexes });
  });

  test('names the collections', async () => {
    const names = (await survey().tables()).map(({ name }) => name);
    expect(names).toEqual(['builds', 'jobs', 'resource_allocations']);
  });

  test('takes the fields of documents for columns, and what all their values are for types', async () => {
    const date = new Date();
    await builds().insertMany([
      {
        no: 1,
        phase: 'a',
        began: date,
        at: date.toISOString(),
        ms: date.getTime(),
        s: 1e9,
        of: {},
        mixed: 1,
        none: null,
      },
      { no: 2, phase: 'b', began: null, log: 'x'.repeat(1_000_000), mixed: 'text' },
    ]);
    const [found] = await survey().describe([place]);
    expect(found).toMatchObject({ name: 'builds', rows: 2, keys: [['_id'], ['no']], references: [] });
    const columns = new Map(found?.columns.map(({ name, type, holds }) => [name, [type, ...holds]]));
    expect(columns.get('_id')).toEqual(['objectId']);
    expect(columns.get('began')).toEqual(['date', 'instant']);
    expect(columns.get('at')).toEqual(['string', 'isoText', 'text']);
    expect(columns.get('ms')).toEqual(['number', 'number', 'epochMillis']);
    expect(columns.get('s')).toEqual(['number', 'number', 'epochSeconds']);
    expect(columns.get('log')).toEqual(['string', 'text']);
    expect(columns.get('of')).toEqual(['object', 'json']);
    expect(columns.get('mixed')).toHaveLength(1);
    expect(columns.get('none')).toEqual(['']);
  });

  test('counts the values of a field', async () => {
    await builds().insertMany(['a', 'b', 7].map((phase, no) => ({ no, phase })));
    await builds().insertOne({ no: 9 });
    const { values, hasMore } = await survey().values({ ...place, key: ['_id'], column: 'phase' });
    expect(hasMore).toBe(false);
    expect(new Map(values.map(({ value, rows }) => [value, rows]))).toEqual(
      new Map([
        ['a', 1],
        ['b', 1],
        ['7', 1],
        [null, 1],
      ]),
    );
  });
});
