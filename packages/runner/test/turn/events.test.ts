import { describe, expect, test } from 'vitest';
import type { RunnerEvents } from '../../src/index.js';
import { aService, timed } from '../support/service.js';

const NAMES = ['pass:start', 'batch', 'repaired', 'pass:end', 'error'] as const;

describe('A runner tells', () => {
  test('of a pass: its start, each batch, what was repaired, its end', async () => {
    const { time, create } = await aService();
    const { strategy } = timed('a', time, { due: 3 });
    const runner = create({ strategies: [strategy], batchRows: 2, pauseFraction: 0 });
    const told: string[] = [];
    for (const name of NAMES)
      runner.on(name, ({ strategy }: RunnerEvents[typeof name]) => void told.push(`${name} ${strategy}`));
    await runner.runOnce();
    expect(told).toEqual(['pass:start a', 'repaired a', 'batch a', 'repaired a', 'batch a', 'pass:end a']);
  });

  test("how long rows had been due by the database's clock, and leaves out those of which that is not known", async () => {
    const { time, create } = await aService({ ownTables: false });
    time.hostAheadMs = 300_000;
    const { strategy } = timed('a', time, { due: 2 });
    const dueSince = ({ id }: { id: string }) => (id === 'a 1' ? new Date('2026-03-10T11:59:00Z') : null);
    const runner = create({ strategies: [{ ...strategy, dueSince }] });
    const due: unknown[] = [];
    runner.on('repaired', ({ rows, dueSeconds }) => void due.push(rows.length, dueSeconds));
    await runner.runOnce();
    expect(due).toEqual([2, [60]]);
  });

  test('nobody any more once it was asked not to', async () => {
    const { time, create } = await aService();
    const runner = create({ strategies: [timed('a', time).strategy] });
    const told: unknown[] = [];
    const listener = (event: unknown) => void told.push(event);
    const [first] = [runner.on('pass:end', listener), runner.on('pass:end', listener)];
    first();
    await runner.runOnce();
    expect(told).toHaveLength(1);
  });

  test('on when a listener throws or rejects, which is logged', async () => {
    const { time, create, logger } = await aService();
    const runner = create({ strategies: [timed('a', time).strategy] });
    runner.on('pass:start', () => {
      throw new Error('No such metric');
    });
    runner.on('pass:start', () => Promise.reject(new Error('No such host')));
    const told: unknown[] = [];
    runner.on('pass:start', (event) => void told.push(event));
    expect((await runner.runOnce()).ok).toBe(true);
    expect(told).toHaveLength(1);
    expect(logger.lines).toEqual([
      'error A listener of pass:start failed: No such metric',
      'error A listener of pass:start failed: No such host',
    ]);
  });
});
