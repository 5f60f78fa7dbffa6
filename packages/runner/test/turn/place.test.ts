import type { CleanupRow, CleanupStrategy, GetOptions } from '@jobsweep/core';
import type { MemorySession } from '@jobsweep/core/memory';
import { expect, test } from 'vitest';
import type { RunnerOptions } from '../../src/index.js';
import { aStrategy } from '../support/fakes.js';
import { aService } from '../support/service.js';

const ROWS = ['1', '2', '3', '4', '5'];

/** A strategy that can change no row, and where its pages begin: passes look at ten rows for the one that they may change. */
function stuck() {
  const begun: (string | undefined)[] = [];
  const strategy: CleanupStrategy<MemorySession, CleanupRow> = {
    ...aStrategy<MemorySession>('a', { due: 1 }),
    async find(_session, { after, upTo, limit = 9 }: GetOptions<CleanupRow>) {
      begun.push(after?.id);
      const rows = ROWS.filter((id) => id > (after?.id ?? '0') && id <= (upTo?.id ?? '9'));
      return rows.slice(0, limit).map((id) => ({ id }));
    },
    async cleanup(_session, { rows: found = [] } = {}) {
      return { itemsCleaned: 1, found, changed: found.slice(0, 1), contended: [] };
    },
  };
  return { begun, strategy };
}

/** Where the passes of some runners begin, one after the other: each changes one row. */
async function beginsOf(
  service: Awaited<ReturnType<typeof aService>>,
  options: readonly Partial<RunnerOptions<MemorySession>>[],
  rounds = 1,
) {
  const { begun, strategy } = stuck();
  for (const each of options) {
    const runner = service.create({ strategies: [strategy], maxRowsPerPass: 1, ...each });
    for (let round = 0; round < rounds; round += 1) await runner.runOnce();
  }
  return begun;
}

test('A pass goes on where that of another runner ended', async () => {
  expect(await beginsOf(await aService(), [{}, {}, {}])).toEqual([undefined, '1', '2']);
});

test('A pass does not go on where that of another config ended', async () => {
  const service = await aService();
  expect(await beginsOf(service, [{ name: 'mail' }, { name: 'render' }, { name: 'mail' }])).toEqual([
    undefined,
    undefined,
    '1',
  ]);
});

test("Without jobsweep's own tables a pass goes on where the one before ended in the same runner", async () => {
  const service = await aService({ ownTables: false });
  expect(await beginsOf(service, [{}, {}], 3)).toEqual([undefined, '1', '2', undefined, '1', '2']);
});
