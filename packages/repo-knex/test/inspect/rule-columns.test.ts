import type { Rule } from '@jobsweep/core';
import { expect, test } from 'vitest';
import type { KnexStoreOptions } from '../../src/index.js';
import { describeOnEngines } from '../support/on-engines.js';

const made = ({ time }: { readonly time: string }) => ({
  jobs: `id int primary key, name varchar(40), state varchar(20), start_time ${time}, end_time ${time}, error_msg text,
    exit_code varchar(20), beat_at ${time}, tries int, run_after ${time}, note text,
    doubled int generated always as (id * 2) stored`,
});

describeOnEngines('columns that are used besides the usual ones', made, ({ store }) => {
  const findings = (options: KnexStoreOptions, rules: readonly Rule[] = []) =>
    store({ ...options, schema: { allocations: null, ...options.schema } }).inspect.schema({ rules });
  const giving = (requeue: object): Rule[] => [{ name: 'stuck_job_cleanup', maxAgeHours: 48, requeue }];
  const filters = { ageColumn: 'beat_at' };
  const path = (option: string) => `stuck_job_cleanup.requeue.${option}`;

  test('of those that giving back writes, each is named that is not there or cannot be written', async () => {
    const fits = { triesColumn: 'tries', runAfterColumn: 'run_after' };
    expect(await findings({ filters }, giving(fits))).toEqual([]);
    expect(await findings({ filters }, giving({ triesColumn: 'attempts', runAfterColumn: 'runafter' }))).toMatchObject([
      { path: path('triesColumn'), strategies: ['stuck_job_cleanup'], mistake: { kind: 'column', column: 'attempts' } },
      { path: path('runAfterColumn'), strategies: ['stuck_job_cleanup'], mistake: { kind: 'column' } },
    ]);
    const [count, time] = await findings({ filters }, giving({ triesColumn: 'note', runAfterColumn: 'tries' }));
    expect(count).toMatchObject({ path: path('triesColumn'), mistake: { kind: 'type', type: 'text' } });
    expect(count?.fix).toBe('Set stuck_job_cleanup.requeue.triesColumn to a column that holds numbers');
    expect(time).toMatchObject({ path: path('runAfterColumn'), mistake: { kind: 'type' } });
    expect(await findings({ filters }, giving({ triesColumn: 'doubled' }))).toMatchObject([
      { path: path('triesColumn'), mistake: { kind: 'generated', column: 'doubled' } },
    ]);
  });

  test('so are those that the mapping says of a job that is given back, which nobody else writes', async () => {
    const of = (column: string) => ({
      filters,
      schema: {
        jobs: {
          states: {
            PENDING: { when: { state: 'PENDING' }, set: { [column]: null } },
            RUNNING: 'RUNNING',
            FAILED: 'FAILED',
          },
        },
      },
    });
    expect(await findings(of('doubled'))).toEqual([]);
    expect(await findings(of('doubled'), giving({}))).toMatchObject([
      { path: 'schema.jobs.states: doubled', mistake: { kind: 'generated' } },
    ]);
    expect(await findings(of('workr'), giving({}))).toMatchObject([{ mistake: { kind: 'column', column: 'workr' } }]);
  });

  test('so are those by which limits, groups and ages go', async () => {
    const found = await findings({
      schema: { jobs: { columns: { createdTime: 'made_at' } } },
      filters: {
        limitFor: [{ column: 'queue', stuckHours: { a: 1 } }],
        keepNewest: { count: 3, per: { column: 'tenant' } },
        ageFrom: { column: 'deleted_at' },
        ageColumn: 'touched',
      },
    });
    expect(found.map(({ path, mistake }) => [path, mistake?.kind])).toEqual([
      ['schema.jobs.columns.createdTime', 'column'],
      ['filters.keepNewest.per.column', 'column'],
      ['filters.limitFor[0].column', 'column'],
      ['filters.ageColumn', 'column'],
      ['filters.ageFrom', 'column'],
    ]);
  });
});
