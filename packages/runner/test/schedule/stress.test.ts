import { MemoryDatabase, type MemorySession, memoryStore } from '@jobsweep/core/memory';
import { expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { aStrategy } from '../support/fakes.js';
import { numbers } from '../support/numbers.js';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

test.each(SEEDS)(
  'start, stop and runOnce in any order leave nothing behind and overlap nowhere: seed %i',
  async (seed) => {
    const random = numbers(seed);
    const database = new MemoryDatabase();
    const store = memoryStore(database);
    if (seed % 3 > 0) await store.ownTables.create();

    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', note);

    const running = new Map<string, number>();
    const overlaps: string[] = [];
    let passes = 0;
    const shortly = () => new Promise<void>((resolve) => setImmediate(resolve));
    const strategies = ['a', 'b', 'c'].map((name, index) => {
      const strategy = aStrategy<MemorySession>(name, {
        due: 0,
        dependsOn: index > 0 ? ['a'] : [],
        onTurn: async () => {
          passes += 1;
          const already = running.get(name) ?? 0;
          if (already > 0) overlaps.push(name);
          running.set(name, already + 1);
          while (random() < 0.6) await shortly();
          running.set(name, already);
          if (random() < 0.1) throw new Error('It happens');
        },
      });
      return { ...strategy, intervalSeconds: 0.001 };
    });
    const runner = createRunner({ store, strategies, graceSeconds: random() < 0.5 ? 0 : 1 });

    const pending: Promise<unknown>[] = [];
    const steps = [
      () => runner.start(),
      () => runner.stop(),
      () => runner.stop({ graceSeconds: 0 }),
      () => runner.runOnce(),
    ];
    for (let step = 0; step < 300; step++) {
      const asked = steps[Math.floor(random() * steps.length)]?.();
      if (asked !== undefined) pending.push(asked);
      while (random() < 0.5) await shortly();
    }
    await Promise.all(pending);
    await runner.stop();

    const before = passes;
    expect(runner.status().state).toBe('idle');
    expect([...running.values()].every((count) => count === 0)).toBe(true);
    for (let turn = 0; turn < 20; turn++) await shortly();
    expect(passes).toBe(before);
    expect(passes).toBeGreaterThan(0);
    expect(overlaps).toEqual([]);
    expect(unhandled).toEqual([]);
    process.removeListener('unhandledRejection', note);
    expect(process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length).toBeLessThanOrEqual(
      TIMERS,
    );
  },
);

/** What the test runner itself waits for. */
const TIMERS = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length + 1;
