import { type Job, runPass, StuckJobCleanupStrategy } from '@jobsweep/core';
import type { Knex } from 'knex';
import { expect, test } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

describeOnEngines(
  'a hook that does what it should not in the transaction of a repair',
  ({ time }) => ({
    jobs: `id int primary key, name varchar(40), state varchar(20), start_time ${time}, end_time ${time}, error_msg text, exit_code text`,
    counters: 'id int primary key',
  }),
  (of) => {
    const passWith = async (within: (trx: Knex.Transaction, rows: readonly Job[]) => Promise<void>) => {
      await of.knex('jobs').insert({ id: 1, name: 'x', state: 'RUNNING', start_time: '2020-01-01' });
      const store = of.store({ schema: { allocations: null } });
      const pass = await runPass(store, new StuckJobCleanupStrategy(store.repository, { within }));
      return { ...pass, state: (await of.row('jobs', { id: 1 })).state };
    };
    const named = (said: string): unknown =>
      expect.stringMatching(
        new RegExp(`^After within of stuck_job_cleanup: .*${said}.* Let within throw on what fails`),
      );

    test('fails the pass where it keeps an error to itself and the server takes everything back, and is named', async () => {
      await of.knex('counters').insert({ id: 1 });
      const pass = await passWith(async (trx) => {
        await trx('counters')
          .insert({ id: 1 })
          .catch(() => undefined);
      });
      // Elsewhere the statement alone is undone, and the hook may well go on.
      if (!of.isPostgres) return expect(pass).toMatchObject({ itemsCleaned: 1, state: 'FAILED' });
      expect(pass).toMatchObject({ status: 'failed', itemsCleaned: 0, state: 'RUNNING' });
      expect(pass.error).toMatchObject({ code: 'DATABASE_ERROR', message: named('nothing was committed') });
    });

    test('fails the pass where it rolls the transaction back, and is named', async () => {
      const pass = await passWith(async (trx) => {
        await trx.rollback();
      });
      expect(pass).toMatchObject({ status: 'failed', itemsCleaned: 0, state: 'RUNNING' });
      expect(pass.error).toMatchObject({ message: named('the work itself committed or rolled back') });
    });
  },
);
