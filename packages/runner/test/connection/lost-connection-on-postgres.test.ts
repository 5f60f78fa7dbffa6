import { CompletedJobCleanupStrategy, JobsweepError } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import createKnex, { type Knex } from 'knex';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRunner, type Runner, type RunnerStatus } from '../../src/index.js';
import { systemTiming } from '../../src/timing.js';
import { useCluster } from '../support/cluster.js';
import { recordingLogger } from '../support/fakes.js';

const cluster = useCluster();
const RUNNER = 'runner-that-is-cut-off';
const CUT =
  'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()';

/** The server itself writes down each release that is committed. */
const WATCH_RELEASES = `
  drop table if exists releases;
  create table releases (id bigint not null);
  create or replace function note_release() returns trigger language plpgsql as $$
    begin insert into releases values (new.id); return new; end $$;
  create trigger note_release after update on resource_allocations for each row execute function note_release();`;

let knex: Knex;
let runner: Runner | undefined;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeEach(async () => {
  await cluster.damage();
  await cluster.sql.query('drop table if exists jobsweep_claims, jobsweep_history');
  await cluster.sql.query(WATCH_RELEASES);
  knex = createKnex({
    client: 'pg',
    connection: { connectionString: cluster.url, application_name: RUNNER },
    pool: { min: 0, max: 3 },
  });
  await knexStore(knex).ownTables.create();
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});

afterEach(async () => {
  await runner?.stop();
  await knex.destroy();
  process.off('unhandledRejection', note);
});

/** A runner whose one strategy is due when it starts, and then after an hour. It is told before each batch is committed. */
function aRunner(onBatch: (batch: number) => Promise<unknown>, claims: 'required' | 'off') {
  const logger = recordingLogger();
  const store = knexStore(knex);
  const strategy = new CompletedJobCleanupStrategy(store.repository, { intervalSeconds: 3600 });
  const repair = strategy.repair.bind(strategy);
  let batches = 0;
  strategy.repair = async (...given) => {
    const changed = await repair(...given);
    batches += 1;
    await onBatch(batches);
    return changed;
  };
  const timing = { ...systemTiming, random: () => 0 };
  const options = { batchRows: 1, pauseFraction: 0, jitter: 0, claims, logger, timing };
  runner = createRunner({ store, strategies: [strategy], ...options });
  return { runner, logger };
}

test('A runner that loses answers to its commits, and to the end of its turn, keeps all that it did in its history', async () => {
  const store = knexStore(knex);
  let batches = 0;
  let releases = 0;
  const lossy: typeof store = {
    ...store,
    async transaction(work, options = {}) {
      const result = await store.transaction(work, options);
      const isBatch = options.readOnly !== true && options.timeoutSeconds !== undefined;
      batches += isBatch ? 1 : 0;
      if (!isBatch || batches > 2) return result;
      await cluster.sql.query(CUT, [RUNNER]);
      throw new JobsweepError('COMMIT_UNKNOWN', 'The connection was lost while committing.');
    },
    claims: {
      ...store.claims,
      async hold(session, claim) {
        // Nobody can look whether the second batch is there, as the server is still away.
        if (batches === 2) throw new JobsweepError('CONNECTION_LOST', 'Gone.');
        return store.claims.hold(session, claim);
      },
      async release(claim, outcome) {
        releases += 1;
        if (releases === 1) throw new JobsweepError('CONNECTION_LOST', 'Gone.');
        return store.claims.release(claim, outcome);
      },
    },
  };
  const strategy = new CompletedJobCleanupStrategy(store.repository, { intervalSeconds: 3600 });
  const timing = { ...systemTiming, random: () => 0 };
  const options = { batchRows: 1, pauseFraction: 0, jitter: 0, timing };
  runner = createRunner({ store: lossy, strategies: [strategy], ...options });
  const drained = new Promise<void>((resolve) => {
    runner?.on('pass:end', ({ report }) => {
      if (report.pass?.stopReason === 'drained') resolve();
      // The server is back once the pass has failed.
      batches = 3;
    });
  });
  await runner.start();
  await drained;
  await runner.stop();

  const { rows } = await cluster.sql.query('select id from releases order by id');
  expect(rows).toHaveLength(3);
  const kept = 'select sum(items_cleaned)::int as cleaned, sum(items_unknown)::int as unknown from jobsweep_history';
  expect((await cluster.sql.query(kept)).rows).toEqual([{ cleaned: 3, unknown: 0 }]);
});

describe('A runner whose connections are cut in the middle of a batch', () => {
  test.each(['required', 'off'] as const)(
    'is not ready, comes back by itself, and does all of its work once: claims %s',
    async (claims) => {
      const { runner: cut, logger } = aRunner(async (batch) => {
        if (batch === 2) await cluster.sql.query(CUT, [RUNNER]);
      }, claims);
      const whenCut: RunnerStatus[] = [];
      cut.on('error', () => void whenCut.push(cut.status()));
      const drained = new Promise<void>((resolve) => {
        cut.on('pass:end', ({ report }) => {
          if (report.pass?.stopReason === 'drained') resolve();
        });
      });
      await cut.start();
      await drained;
      expect(cut.status()).toMatchObject({ isReady: true, notReadyReason: null });
      await cut.stop();

      expect(whenCut[0]).toMatchObject({
        isReady: false,
        notReadyReason: expect.stringMatching(/^The database cannot be reached \((CONNECTION_LOST|COMMIT_UNKNOWN)/),
      });
      expect(logger.lines.filter((line) => /asking again|answers again/.test(line))).toEqual([
        expect.stringMatching(/^error The database cannot be reached/),
        expect.stringMatching(/^info The database answers again, after \d+ s$/),
      ]);
      const { rows } = await cluster.sql.query<{ id: string }>('select id from releases order by id');
      expect(rows.map(({ id }) => id)).toEqual(['1', '2', '3']);
      const { rows: held } = await cluster.sql.query('select * from jobsweep_claims where holder is not null');
      expect(held).toEqual([]);
      expect(unhandled).toEqual([]);
    },
  );
});
