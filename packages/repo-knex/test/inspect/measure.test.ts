import { runPass, StuckJobCleanupStrategy } from '@jobsweep/core';
import { expect, it } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

const tables = ({ time }: { readonly time: string }) => ({
  jobs: `id int primary key, state varchar(20), start_time ${time}`,
  lags: 'seconds int',
});
const schema = {
  jobs: { table: 'jobs', columns: { name: 'id', endTime: null, errorMsg: null, exitCode: null } },
  allocations: null,
} as const;

describeOnEngines('a number of the user', tables, (of) => {
  const measure = (query: string, timeoutSeconds?: number) =>
    of.store({ schema }).inspect.measure?.(query, timeoutSeconds === undefined ? {} : { timeoutSeconds });

  it.each([
    ['select 3', 3],
    ['select 2.5', 2.5],
    ['select -1;', -1],
    ['select count(*) from lags', 0],
    ['select max(seconds) from lags', null],
    ["select 7 where '?' = '?'", 7],
  ])('is what %s answers with', async (query, number) => {
    expect(await measure(query)).toBe(number);
  });

  it.each([
    ['select 1 as one, 2 as two', '2 columns'],
    ['select 1 union all select 2', '2 rows'],
    ['select seconds from lags', '0 rows'],
    ["select 'soon'", "'soon'"],
    ["select ''", "''"],
  ])('is none where %s answers', async (query, answer) => {
    const message = `The query of the probe answered with ${answer}: let it give one number.`;
    await expect(measure(query)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
  });

  it('cannot be had by writing', async () => {
    const writing = measure('insert into lags values (1)');
    await expect(writing).rejects.toMatchObject({ code: expect.stringMatching(/SERVER_UNAVAILABLE|DATABASE_ERROR/) });
    expect(await of.knex('lags')).toEqual([]);
  });

  it('may take no longer than it is given', async () => {
    const collations = of.isPostgres ? 'pg_collation' : 'information_schema.collations';
    const four = ['a', 'b', 'c', 'd'].map((alias) => `${collations} ${alias}`);
    await expect(measure(`select count(*) from ${four.join(', ')}`, 0.2)).rejects.toMatchObject({
      code: 'STATEMENT_TIMEOUT',
    });
  });

  it('is what a pass waits for', async () => {
    await of.knex('lags').insert({ seconds: 9 });
    await of.knex('jobs').insert({ id: 1, state: 'RUNNING', start_time: '2020-01-01 00:00:00' });
    const store = of.store({ schema });
    const said: unknown[] = [];
    const result = await runPass(store, new StuckJobCleanupStrategy(store.repository), {
      pacing: { probe: { query: 'select max(seconds) from lags', above: 5, everySeconds: 0.1 } },
      async onWait(wait) {
        said.push(wait?.value, (await of.row('jobs', { id: 1 })).state);
        await of.knex('lags').delete();
        await of.knex('lags').insert({ seconds: 1 });
      },
    });
    expect(result.error).toBeUndefined();
    expect(said).toEqual([9, 'RUNNING', undefined, 'RUNNING']);
    expect(result).toMatchObject({ itemsCleaned: 1 });
  });
});
