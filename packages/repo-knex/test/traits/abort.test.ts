import type { Job } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';

const cluster = useCluster();

/** A signal that fires when it is asked for the `times`-th time: just between two of an operation's statements. */
function abortedAtLook(times: number): AbortSignal {
  const controller = new AbortController();
  let looks = 0;
  return new Proxy(controller.signal, {
    get(signal, property) {
      if (property === 'aborted') {
        looks += 1;
        if (looks === times) controller.abort('enough');
      }
      const value: unknown = Reflect.get(signal, property, signal);
      return value;
    },
  });
}

const oldJobs = async (count: number) => {
  await cluster.sql.query(
    "insert into jobs (id, state, end_time) select n, 'COMPLETED', '2020-01-01Z' from generate_series(1, $1::int) n",
    [count],
  );
  const { repository, transaction } = cluster.store();
  return transaction((trx) => repository.getOldJobs(trx, 30));
};

describe('a signal that fires in the middle', () => {
  test('ends a read between two of its pages', async () => {
    await oldJobs(1001);
    const { repository, transaction } = cluster.store();
    const read = transaction((trx) => repository.getOldJobs(trx, 30, { signal: abortedAtLook(2) }));
    await expect(read).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('ends a write between two of its chunks, and the rollback undoes the first', async () => {
    const jobs = await oldJobs(5001);
    const { repository, transaction } = cluster.store();
    let deletedBefore = 0;
    const remove = transaction(async (trx) => {
      const signal = abortedAtLook(3);
      await expect(repository.deleteJobsBatch(trx, jobs, { signal })).rejects.toMatchObject({ code: 'ABORTED' });
      const left = await trx('jobs').count<{ count: string }[]>();
      deletedBefore = 5001 - Number(left[0]?.count);
      throw new Error('as the caller would');
    });
    await expect(remove).rejects.toThrow('as the caller would');
    expect(deletedBefore).toBe(5000);
    expect((await cluster.sql.query('select from jobs')).rowCount).toBe(5001);
  });

  test('rolls a transaction of the store back, also when the work is done', async () => {
    const jobs = await oldJobs(2);
    const { repository, transaction } = cluster.store();
    const controller = new AbortController();
    const removeThen = (work: Promise<number>) => work.finally(() => controller.abort('enough'));
    const remove = transaction((trx) => removeThen(repository.deleteJobsBatch(trx, jobs satisfies Job[])), {
      signal: controller.signal,
    });
    await expect(remove).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    expect((await cluster.sql.query('select from jobs')).rowCount).toBe(2);
  });
});
