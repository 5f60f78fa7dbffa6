import { setImmediate as nextTask } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { BaseCleanupStrategy, type GetOptions, type Job, planPass, runPass } from '../../src/index.js';
import { FakeStore, FakeTiming } from '../fakes.js';
import { aJob, mockRepository } from '../support.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const ROWS = 200_000;
/** Of 200. The page at hand and the one being left, and what an engine's registers still name by chance: no number that grows. */
const FEW_PAGES = 5;
const metadata = { priority: 1, dependsOn: [], tags: [], timeoutSeconds: 60, enabledByDefault: true };

/** Generates its rows as they are asked for, and watches how many of its pages are still in memory. */
class Generated extends BaseCleanupStrategy<unknown, Job> {
  mostPagesHeld = 0;
  private readonly rowOfEachPage: WeakRef<Job>[] = [];

  constructor() {
    super({ name: 'generated', description: 'Generated', intervalSeconds: 1, metadata }, mockRepository());
  }

  async find(_session: unknown, { limit = 0, after }: GetOptions<Job>) {
    const first = Number(after?.id ?? 0) + 1;
    const length = Math.min(limit, ROWS + 1 - first);
    const rows = Array.from({ length }, (_, index) => aJob({ id: String(first + index) }));
    const middle = rows[length >> 1];
    if (middle) this.rowOfEachPage.push(new WeakRef(middle));
    if (this.rowOfEachPage.length % 20 === 0) await this.countPages();
    return rows;
  }

  async repair(_session: unknown, rows: readonly Job[]) {
    return rows;
  }

  describe(job: Job) {
    return job.id;
  }

  private async countPages() {
    await nextTask();
    collectGarbage();
    const held = this.rowOfEachPage.filter((row) => row.deref() !== undefined).length;
    this.mostPagesHeld = Math.max(this.mostPagesHeld, held);
  }
}

describe('two hundred thousand rows', () => {
  it('are repaired with a few pages in memory', async () => {
    const strategy = new Generated();
    const result = await runPass(new FakeStore(), strategy, {
      batchRows: 1000,
      timing: new FakeTiming(),
      onRepaired: () => {},
    });
    expect(result).toMatchObject({ stopReason: 'drained', itemsCleaned: ROWS, batches: 200 });
    expect(strategy.mostPagesHeld).toBeGreaterThanOrEqual(1);
    expect(strategy.mostPagesHeld).toBeLessThanOrEqual(FEW_PAGES);
  });

  it('are planned with a few pages in memory', async () => {
    const strategy = new Generated();
    expect(await planPass(new FakeStore(), strategy, { atMost: ROWS })).toMatchObject({ due: ROWS });
    expect(strategy.mostPagesHeld).toBeLessThanOrEqual(FEW_PAGES);
  });
});
