import type { Cluster } from '@jobsweep/contract';
import type { AdapterModule, CleanupStore, Job } from '@jobsweep/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMongoCluster } from './cluster/mongo-cluster.js';
import { openSqlCluster } from './cluster/sql-cluster.js';
import type { EngineName } from './engines.js';
import { freshDatabase } from './fresh-database.js';
import { startProxy, type TcpProxy } from './proxy.js';

/** What adapters send, as it stands on the wire of the engines. */
const WORDS = {
  begin: /begin isolation|start ?transaction/i,
  write: /update (?:["`]|jobs )|update\0/,
  commit: /COMMIT(?!TED)|(?<!auto)commit\0|commitTransaction/,
} as const;

/** Long enough for any honest answer here. With the client's deadline after it, no trial takes longer than 6 s. */
const LIMIT_SECONDS = 0.5;

/** Trials of a server that says nothing any more, at each place of a transaction, all at once. */
export function describeSilentServer<Session extends object>(
  engine: EngineName,
  module: AdapterModule<Session, { readonly statementTimeoutSeconds?: number }>,
): void {
  describe.concurrent(`A server that says nothing, ${engine}:`, () => {
    const database = freshDatabase('silent', engine);
    let cluster: Cluster<Session>;
    let id = 0;
    let asking: Promise<unknown> = Promise.resolve();
    /** The cluster has one connection, and trials run at once. */
    const inTurn = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
      const answer = asking.then(ask);
      asking = answer.catch(() => undefined);
      return answer;
    };
    beforeAll(async () => {
      const openCluster = engine.startsWith('mongodb') ? openMongoCluster<Session> : openSqlCluster<Session>;
      const nothing = { store: () => expect.unreachable(), close: () => Promise.resolve() };
      cluster = await openCluster(database.url, () => Promise.resolve(nothing));
    });
    afterAll(() => cluster.close());

    interface Trial {
      readonly proxy: TcpProxy;
      readonly store: CleanupStore<Session>;
      /** Fails the trial's own job; `between` runs between the two statements. */
      readonly fail: (between?: () => void, signal?: AbortSignal) => Promise<unknown>;
      readonly stateOfJob: () => Promise<unknown>;
    }

    /** Runs a trial with a pool of its own, and sees that it can be used when the server is there again. */
    async function onTrial(work: (trial: Trial) => Promise<void>, statementTimeoutSeconds = LIMIT_SECONDS) {
      id += 1;
      const own = String(id);
      const job = { id: own, name: own, state: 'RUNNING', startTime: '2020-01-01T00:00:00.000000Z' };
      await inTurn(() => cluster.seed({ jobs: [job] }));
      const proxy = await startProxy({ target: database.url });
      const opened = await module.openStore({ url: proxy.url }, { statementTimeoutSeconds });
      const { store } = opened;
      const { repository } = store;
      const ownJob = async (session: Session): Promise<Job[]> =>
        (await repository.getStuckJobs(session, 48)).filter((job) => job.name === own);
      try {
        // What is asked once by each pool is asked now; and one connection is free to tell about another.
        await Promise.all([store.transaction(ownJob), store.transaction(ownJob)]);
        await work({
          proxy,
          store,
          fail: (between = () => undefined, signal) =>
            store.transaction(
              async (session) => {
                const jobs = await ownJob(session);
                between();
                return repository.markJobsAsFailed(session, jobs, 'Stuck');
              },
              { signal },
            ),
          stateOfJob: async () => (await inTurn(() => cluster.read())).jobs.find((job) => job.name === own)?.state,
        });
        proxy.thaw();
        await store.transaction(ownJob);
        // Nor does the end of the pool wait for a server that is gone.
        proxy.freeze();
        await opened.close();
      } finally {
        await proxy.close();
      }
    }

    const lost = { code: 'CONNECTION_LOST', message: expect.stringMatching(/did not answer for 5\.5 s/) as string };

    test('at BEGIN it is CONNECTION_LOST', () =>
      onTrial(async ({ proxy, fail }) => {
        void proxy.freezeAt(WORDS.begin);
        await expect(fail()).rejects.toMatchObject(lost);
      }));

    test('where nothing has begun it is CONNECTION_LOST', () =>
      onTrial(async ({ proxy, fail }) => {
        proxy.freeze();
        await expect(fail()).rejects.toMatchObject(lost);
      }));

    test('in a write it is CONNECTION_LOST, and nothing of the transaction stays', () =>
      onTrial(async ({ proxy, fail, stateOfJob }) => {
        void proxy.freezeAt(WORDS.write, { delivered: true });
        await expect(fail()).rejects.toMatchObject(lost);
        expect(await stateOfJob()).toBe('RUNNING');
      }));

    test('between two statements it is CONNECTION_LOST', () =>
      onTrial(async ({ proxy, fail }) => {
        await expect(fail(() => proxy.freeze())).rejects.toMatchObject(lost);
      }));

    test('that heard COMMIT it is COMMIT_UNKNOWN: it was done', () =>
      onTrial(async ({ proxy, fail, stateOfJob }) => {
        const unknown = fail(() => void proxy.freezeAt(WORDS.commit, { delivered: true }));
        await expect(unknown).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN' });
        expect(await stateOfJob()).toBe('FAILED');
      }));

    test('that did not hear COMMIT it is COMMIT_UNKNOWN: it was not done', () =>
      onTrial(async ({ proxy, fail, stateOfJob }) => {
        const unknown = fail(() => void proxy.freezeAt(WORDS.commit));
        await expect(unknown).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN' });
        expect(await stateOfJob()).toBe('RUNNING');
      }));

    test('after an abort it is given 5 seconds for all that is left', () =>
      onTrial(async ({ proxy, fail }) => {
        const abort = new AbortController();
        const frozen = proxy.freezeAt(WORDS.write);
        const aborted = fail(undefined, abort.signal);
        await frozen;
        abort.abort();
        await expect(aborted).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      }, 60));
  });
}
