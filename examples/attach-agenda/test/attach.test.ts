import { MongoBackend } from '@agendajs/mongo-backend';
import { createStrategies } from '@jobsweep/core';
import { type MongoStoreOptions, openStore } from '@jobsweep/repo-mongo';
import { createRunner } from '@jobsweep/runner';
import { createDatabase } from '@jobsweep/test-engines';
import { enginesOfRun, serverUrl } from '@jobsweep/test-engines/vitest';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fillJobs } from '../jobs.mjs';
import config from '../jobsweep.config.mjs';

interface Job {
  readonly data: { readonly what: string };
}

describe.runIf(enginesOfRun().includes('mongodb'))('the jobs of Agenda', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let client: MongoClient;

  beforeEach(async () => {
    database = await createDatabase(serverUrl('mongodb'), { prefix: 'agenda' });
    client = await MongoClient.connect(database.url);
    await fillJobs(client.db());
  });
  afterEach(async () => {
    await client.close();
    await database.drop();
  });

  const run = async (dryRun = false) => {
    const { store, close } = await openStore({ url: database.url }, config.store as MongoStoreOptions);
    try {
      expect(await store.inspect.schema()).toEqual([]);
      expect(await store.inspect.diagnosis?.unknownStates()).toEqual([]);
      const runner = createRunner({ store, strategies: createStrategies(store, config.strategies), breaker: false });
      return (await runner.runOnce({ dryRun })).strategies;
    } finally {
      await close();
    }
  };
  const jobs = () => client.db().collection<Job>('agendaJobs').find().sort({ _id: 1 }).toArray();
  const isOf = (what: string) => (job: Job) => job.data.what === what;
  /** Asks for a job as a process does that defines it: those that wait, and those locked for more than ten minutes. */
  const takeUp = async (name: string) => {
    const { repository } = new MongoBackend({ mongo: client.db() });
    await repository.connect();
    const now = new Date();
    return repository.getNextJobToRun(name, now, new Date(now.getTime() - 600_000), now, undefined);
  };

  test('that are lost or done long ago are planned, and nothing is written', async () => {
    const before = await jobs();
    expect(await run(true)).toMatchObject([
      { name: 'stuck_job_cleanup', plan: { due: 1 } },
      { name: 'old_job_cleanup', plan: { due: 2 } },
    ]);
    expect(await jobs()).toEqual(before);
  });

  test('are failed and deleted then; what waits, repeats, is disabled or recent is as it was', async () => {
    const before = await jobs();
    await run();
    const isGone = (job: Job) => isOf('sent long ago')(job) || isOf('refused long ago')(job);
    const time = expect.any(Date);
    const failed = {
      ...{ lockedAt: null, lastFinishedAt: time, failedAt: time, failCount: 1 },
      failReason: expect.stringMatching(/^Marked as failed/),
    };
    const now = before.filter((job) => !isGone(job)).map((job) => (isOf('lost')(job) ? { ...job, ...failed } : job));
    expect(await jobs()).toEqual(now);
    expect(now).toHaveLength(5);
    // To Agenda it has ended.
    expect(await takeUp('import')).toBeUndefined();
  });

  test('are left to Agenda where it takes a lost one up again', async () => {
    expect(await takeUp('import')).toMatchObject({ data: { what: 'lost' } });
    const [stuck] = await run();
    expect(stuck).toMatchObject({ name: 'stuck_job_cleanup', status: 'skipped' });
    expect((await jobs()).find(isOf('lost'))).toMatchObject({ failedAt: null, lockedAt: expect.any(Date) });
  });
});
