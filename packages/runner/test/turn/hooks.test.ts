import type { CleanupRow } from '@jobsweep/core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunnerHooks } from '../../src/index.js';
import { aService, withParts } from '../support/service.js';

const STUCK = 'stuck_job_cleanup';
let service: Awaited<ReturnType<typeof aService>>;

beforeEach(async () => {
  service = await aService();
  await service.database.seed({
    jobs: ['1', '2', '3'].map((id) => ({ id, state: 'RUNNING', startTime: '2026-03-01T00:00:00Z' })),
  });
});

const ids = (rows: readonly CleanupRow[]) => rows.map(({ id }) => id);
const stateOf = (id: string) => service.database.rows('jobs').find((job) => job.id === id)?.state;

test('Hooks of a strategy are called around its repairs, each where it belongs', async () => {
  const told: string[] = [];
  const runner = service.create({
    hooks: {
      [STUCK]: {
        confirm: (rows) => {
          told.push(`confirm ${ids(rows).join(' ')}`);
          return rows.filter(({ id }) => id !== '2');
        },
        within: async (session, rows) => {
          told.push(`within ${ids(rows).join(' ')}, outside ${stateOf('1')}`);
          await session.insert('allocations', { id: 'outbox', jobId: '2', status: 'RELEASED' });
        },
        onRepaired: (rows) => void told.push(`repaired ${ids(rows).join(' ')}, outside ${stateOf('1')}`),
      },
    },
    onRepaired: (strategy) => void told.push(strategy),
  });
  const report = await runner.runOnce({ only: [STUCK] });
  expect(report.strategies.find(({ name }) => name === STUCK)?.pass).toMatchObject({
    itemsCleaned: 2,
    itemsUnconfirmed: 1,
  });
  expect(told).toEqual(['confirm 1 2 3', 'within 1 3, outside RUNNING', STUCK, 'repaired 1 3, outside FAILED']);
  expect(service.database.rows('allocations')).toMatchObject([{ id: 'outbox' }]);
  expect(stateOf('2')).toBe('RUNNING');
  expect(await service.store.journal.read()).toMatchObject([{ itemsPassedOver: 1, note: '1 not confirmed' }]);
});

test('A dry run asks and tells nobody', async () => {
  const hook = vi.fn();
  const hooks = { [STUCK]: { confirm: hook, within: hook, onRepaired: hook } };
  await service.create({ hooks }).runOnce({ dryRun: true });
  expect(hook).not.toHaveBeenCalled();
});

test('A callback that fails keeps no other from being called', async () => {
  const onRepaired = vi.fn();
  const fail = () => {
    throw new Error('no such host');
  };
  await service.create({ hooks: { [STUCK]: { onRepaired } }, onRepaired: fail }).runOnce({ only: [STUCK] });
  expect(onRepaired).toHaveBeenCalledOnce();
});

describe('A runner is refused with hooks', () => {
  test('that write within a transaction, where there is none', () => {
    const { store } = service;
    const capabilities = { ...store.capabilities, transactions: false };
    const hooks = { [STUCK]: { within: () => {} } };
    expect(() => service.create({ store: withParts(store, { capabilities }), hooks })).toThrow(
      expect.objectContaining({ code: 'TRANSACTIONS_REQUIRED' }),
    );
  });

  test.each<[string, unknown, string]>([
    ['of a strategy that there is not', { stuck_jobs: {} }, 'hooks.stuck_jobs is {}: name one of the strategies, '],
    ['that are none', { [STUCK]: { confrim: () => [] } }, "hooks.stuck_job_cleanup.confrim is 'confrim': use confirm"],
    ['that are no functions', { [STUCK]: { within: 7 } }, 'hooks.stuck_job_cleanup.within is 7: give a function.'],
  ])('%s', (_what, hooks, message) => {
    expect(() => service.create({ hooks: hooks as RunnerHooks<unknown> })).toThrow(message);
  });
});
