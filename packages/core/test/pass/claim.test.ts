import { describe, expect, it, vi } from 'vitest';
import {
  type Claim,
  type CleanupStore,
  JobsweepError,
  type PassOptions,
  runPass,
  StuckJobCleanupStrategy,
} from '../../src/index.js';
import { MemoryDatabase, type MemorySession, memoryStore } from '../../src/memory/index.js';
import { recordingLogger } from '../support.js';

const TERM_SECONDS = 2;

/** A pass over stuck jobs in memory, under a claim with a short term. */
async function passUnderClaim(jobs: number, change: (store: CleanupStore<MemorySession>) => object = () => ({})) {
  const database = new MemoryDatabase();
  const ids = Array.from({ length: jobs }, (_, index) => ({ id: String(index + 1) }));
  await database.seed({ jobs: ids.map((id) => ({ ...id, state: 'RUNNING', startTime: '2001-01-01T00:00:00Z' })) });
  const sound = memoryStore(database);
  await sound.ownTables.create();
  const store: CleanupStore<MemorySession> = { ...sound, ...change(sound) };
  const strategy = new StuckJobCleanupStrategy(store.repository);
  const request = { strategy: strategy.name, holder: 'one', termSeconds: TERM_SECONDS };
  const answer = await store.claims.acquire(request);
  if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
  const { claim } = answer;
  const logger = recordingLogger();
  const run = (options: PassOptions = {}) => runPass(store, strategy, { claim, logger, batchRows: 2, ...options });
  return { database, store, claim, strategy, logger, run };
}

/** As long as it takes for a claim to lapse that nobody renews. */
const pastTheTerm = () => new Promise<void>((resolve) => setTimeout(resolve, TERM_SECONDS * 1300));

/** Whether another runner would get the turn. */
async function isFree({ claims }: CleanupStore<MemorySession>, { strategy }: Claim): Promise<boolean> {
  const answer = await claims.acquire({ strategy, holder: 'two', termSeconds: TERM_SECONDS });
  return answer.outcome === 'claimed';
}

describe('a claim does not lapse', () => {
  it.concurrent('while the breaker counts', async () => {
    const { run, store, claim } = await passUnderClaim(3);
    let free: boolean | undefined;
    const admit = async () => {
      await pastTheTerm();
      free = await isFree(store, claim);
      return true;
    };
    expect(await run({ admit })).toMatchObject({ stopReason: 'drained', itemsCleaned: 3 });
    expect(free).toBe(false);
  });

  it.concurrent('while the host confirms rows', async () => {
    const { run, store, claim } = await passUnderClaim(1);
    let free: boolean | undefined;
    const confirm = async <Row>(rows: readonly Row[]) => {
      await pastTheTerm();
      free = await isFree(store, claim);
      return rows;
    };
    expect(await run({ confirm })).toMatchObject({ stopReason: 'drained', itemsCleaned: 1 });
    expect(free).toBe(false);
  });

  it.concurrent('while the host hears of repaired rows', async () => {
    const { run, store, claim } = await passUnderClaim(5);
    const seen: boolean[] = [];
    const onRepaired = async () => {
      if (seen.length === 0) await pastTheTerm();
      seen.push(await isFree(store, claim));
    };
    expect(await run({ onRepaired })).toMatchObject({ stopReason: 'drained', itemsCleaned: 5 });
    expect(seen).toEqual([false, false, false]);
  });

  it.concurrent('in a pause', async () => {
    const { run } = await passUnderClaim(3);
    let naps = 0;
    const timing = {
      nowMs: () => performance.now(),
      sleep: async (_ms: number, signal: AbortSignal | undefined) => {
        naps += 1;
        // The pause itself, and not the one that waits to renew the claim meanwhile.
        if (signal === undefined) await pastTheTerm();
        else await new Promise((resolve) => setTimeout(resolve, TERM_SECONDS * 300));
      },
    };
    expect(await run({ timing })).toMatchObject({ stopReason: 'drained', itemsCleaned: 3 });
    expect(naps).toBeGreaterThan(2);
  });

  it.concurrent('while rows are refused, whose transactions take its terms back', async () => {
    const { run } = await passUnderClaim(8, ({ repository }) => ({
      repository: Object.assign(Object.create(repository) as typeof repository, {
        async markJobsAsFailed(...args: Parameters<typeof repository.markJobsAsFailed>) {
          await new Promise((resolve) => setTimeout(resolve, TERM_SECONDS * 120));
          if (args[1].some(({ id }) => Number(id) <= 6)) throw new JobsweepError('ROW_REJECTED', 'Refused.');
          return repository.markJobsAsFailed(...args);
        },
      }),
    }));
    expect(await run()).toMatchObject({ stopReason: 'blocked', itemsBlocked: 6, itemsCleaned: 2 });
  });

  it.concurrent('when a batch takes longer than its term and is rolled back, once or more', async () => {
    let calls = 0;
    const { run } = await passUnderClaim(2, ({ repository }) => ({
      repository: Object.assign(Object.create(repository) as typeof repository, {
        async markJobsAsFailed(...args: Parameters<typeof repository.markJobsAsFailed>) {
          calls += 1;
          if (calls <= 2) await pastTheTerm();
          if (calls === 1) throw new JobsweepError('CONFLICT', 'In the way.');
          if (args[1].length > 1) throw new JobsweepError('STATEMENT_TIMEOUT', 'Too long.');
          return repository.markJobsAsFailed(...args);
        },
      }),
    }));
    expect(await run()).toMatchObject({ stopReason: 'drained', itemsCleaned: 2 });
  });

  it.concurrent('while a strategy looks back at its pass', async () => {
    const { store, claim, strategy } = await passUnderClaim(1);
    strategy.after = pastTheTerm;
    await runPass(store, strategy, { claim });
    expect(await isFree(store, claim)).toBe(false);
  });
});

describe('a claim that was lost', () => {
  it('ends the pass with what happened', async () => {
    const { run, store, claim, logger, database } = await passUnderClaim(3);
    await database.transaction((session) =>
      session.update('jobsweep_claims', () => true, { expires_at: '2001-01-01T00:00:00Z' }),
    );
    const result = await run();
    expect(result).toMatchObject({ status: 'done', stopReason: 'claimLost', error: { code: 'CLAIM_LOST' } });
    const what = 'has lapsed; no other runner has taken it over';
    expect(logger.lines).toContainEqual(expect.stringMatching(new RegExp(`^warn .*Stopped: .*${what}`)));

    expect(await isFree(store, claim)).toBe(true);
    expect((await run()).error?.message).toContain('two has begun term 2');
  });

  it('needs a store that has claims', async () => {
    const { store, claim } = await passUnderClaim(1);
    const { transaction, repository } = store;
    const pass = runPass({ transaction }, new StuckJobCleanupStrategy(repository), { claim });
    await expect(pass).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('a commit whose answer was lost', () => {
  /** A store that loses the answer to the second batch, whether that is there or not. */
  const losing = (isThere: boolean) => (store: CleanupStore<MemorySession>) => {
    let batches = 0;
    const transaction: typeof store.transaction = async (work, options) => {
      if (options?.readOnly === true) return store.transaction(work, options);
      batches += 1;
      if (batches !== 2) return store.transaction(work, options);
      const lost = new JobsweepError('COMMIT_UNKNOWN', 'The connection was lost while committing.');
      await store.transaction(async (session) => {
        await work(session);
        if (!isThere) throw lost;
      }, options);
      throw lost;
    };
    return { transaction };
  };

  it('is told by the claim: the pass goes on from a batch that is there', async () => {
    const { run, claim, store } = await passUnderClaim(5, losing(true));
    const onRepaired = vi.fn();
    expect(await run({ onRepaired })).toMatchObject({
      ...{ status: 'done', stopReason: 'drained', itemsCleaned: 5, itemsUnknown: 0, batches: 3 },
    });
    expect(onRepaired.mock.calls.flatMap(([rows]) => (rows as { id: string }[]).map(({ id }) => id))).toHaveLength(5);
    await store.claims.release(claim, { empty: false });
  });

  it('is told by the claim: one that is not there was rolled back, and is unknown to nobody', async () => {
    const { run } = await passUnderClaim(5, losing(false));
    expect(await run()).toMatchObject({
      ...{ status: 'failed', itemsCleaned: 2, itemsUnknown: 0, error: { code: 'CONNECTION_LOST' } },
    });
  });

  it('stays unknown while nobody can look', async () => {
    const { run, claim, store, database } = await passUnderClaim(5, losing(true));
    const sound = memoryStore(database).claims;
    const hold = vi.spyOn(store.claims, 'hold');
    hold.mockImplementation((session, held) => {
      // The third one is the look, after two batches.
      if (hold.mock.calls.length === 3) throw new JobsweepError('CONNECTION_LOST', 'Gone.');
      return sound.hold(session, held);
    });
    const pass = await run();
    expect(pass).toMatchObject({ status: 'failed', itemsCleaned: 2, itemsUnknown: 2 });

    // Whoever gives the turn back settles it: the history has what the table has.
    const { name: _, error: __, ...counts } = pass;
    const told = { host: 'a', holder: 'one', error: null, note: null, dueMs: 0, longestDueMs: 0 };
    const about = { config: claim.config, strategy: claim.strategy, ...told };
    await sound.release(claim, { empty: false, entry: { ...counts, ...about, status: 'failed' } });
    const [entry] = await store.journal.read();
    expect(entry).toMatchObject({ itemsCleaned: 4, itemsUnknown: 0, batches: 2 });
  });
});
