import type { StoreSurvey, SurveyedTable } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const TABLES = [
  `CREATE TABLE builds (
    tenant int NOT NULL, no int NOT NULL, phase varchar(20) NOT NULL, began bigint, note text, PRIMARY KEY (tenant, no)
  )`,
  `CREATE TABLE locks (
    id int PRIMARY KEY, tenant int, build_no int, serial_no int NOT NULL, UNIQUE (serial_no),
    FOREIGN KEY (tenant, build_no) REFERENCES builds (tenant, no) ON DELETE CASCADE
  )`,
  'CREATE VIEW running AS SELECT * FROM builds',
];

describe.each(enginesOfRun())('a survey of %s, of which nothing is mapped', (engine) => {
  const isPostgres = engine === 'postgres';
  const database = freshDatabase('survey', engine);
  let knex: Knex;
  const survey = (): StoreSurvey => {
    const { survey: found } = knexStore(knex).inspect;
    if (found === undefined) throw new Error('There is one');
    return found;
  };
  beforeAll(async () => {
    knex = createKnex({ client: isPostgres ? 'pg' : 'mysql2', connection: database.url, pool: { min: 0, max: 4 } });
    for (const statement of TABLES) await knex.raw(statement);
    if (isPostgres) await knex.raw('CREATE SCHEMA batch; CREATE TABLE batch.tasks (id int PRIMARY KEY)');
    const states = ['done', 'done', 'Done', 'lost'];
    await knex('builds').insert(states.map((phase, index) => ({ tenant: 1, no: index, phase, began: 1_700_000_000 })));
  });
  afterAll(() => knex.destroy());

  const described = async (): Promise<Map<string, SurveyedTable>> => {
    const tables = await survey().tables();
    return new Map((await survey().describe(tables)).map((table) => [table.name, table]));
  };

  test('names the tables, those of other schemas too, and no views', async () => {
    const names = (await survey().tables()).map(({ schema, isOwn, name }) => (isOwn ? name : `${schema}.${name}`));
    expect(names).toEqual(['builds', 'locks', ...(isPostgres ? ['batch.tasks'] : [])]);
  });

  test('describes columns, keys and the foreign keys that point at a table', async () => {
    const tables = await described();
    const [builds, locks] = [tables.get('builds'), tables.get('locks')];
    expect(builds?.columns.map(({ name }) => name)).toEqual(['tenant', 'no', 'phase', 'began', 'note']);
    expect(builds?.columns[2]?.holds).toContain('text');
    expect(builds?.columns[3]?.holds).toEqual(expect.arrayContaining(['epochSeconds', 'epochMillis', 'number']));
    expect(builds?.keys).toEqual([['tenant', 'no']]);
    expect(locks?.keys).toEqual([['id'], ['serial_no']]);
    expect(builds?.references).toEqual([
      {
        table: expect.objectContaining({ isOwn: true, name: 'locks' }),
        columns: ['tenant', 'build_no'],
        to: ['tenant', 'no'],
        onDelete: 'cascades',
      },
    ]);
  });

  test('counts the values of a column to the letter', async () => {
    const builds = (await described()).get('builds');
    if (builds === undefined) throw new Error('It is there');
    const place = { ...builds, key: ['tenant', 'no'] };
    expect(await survey().values({ ...place, column: 'phase' })).toEqual({
      values: [
        { value: 'done', rows: 2 },
        { value: 'Done', rows: 1 },
        { value: 'lost', rows: 1 },
      ],
      hasMore: false,
    });
    expect((await survey().values({ ...place, column: 'note' })).values).toEqual([{ value: null, rows: 4 }]);
  });

  test('ends with its signal', async () => {
    const signal = AbortSignal.abort();
    await expect(survey().tables({ signal })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(survey().describe([], { signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
