import { describe, expect, test } from 'vitest';
import type { Columns } from '../../cluster.js';
import { type ClusterUnderTest, set, whileHeld } from '../../support/under-test.js';
import { cleanups, type Filters, filtered, idsFrom } from './cleanups.js';

interface Choice {
  readonly what: string;
  readonly filters: Filters;
  /** Jobs 1, 2, 3 and so on. */
  readonly passes: readonly Columns[];
  /** The jobs after those. */
  readonly stays: readonly Columns[];
}

const choicesBy = (id: string): readonly Choice[] => [
  {
    what: 'a scope of one number',
    filters: { scope: { tenant: 7 } },
    passes: [{ tenant: '7' }],
    stays: [{ tenant: '8' }, { tenant: '70' }, { tenant: '-7' }, { tenant: '0' }, { tenant: null }],
  },
  {
    what: 'a scope of several numbers',
    filters: { scope: { tenant: [7, 9] } },
    passes: [{ tenant: '7' }, { tenant: '9' }],
    stays: [{ tenant: '8' }, { tenant: '79' }, { tenant: null }],
  },
  {
    what: 'a scope of 0',
    filters: { scope: { tenant: 0 } },
    passes: [{ tenant: '0' }],
    stays: [{ tenant: '1' }, { tenant: null }],
  },
  {
    what: 'a scope of NULL',
    filters: { scope: { tenant: null } },
    passes: [{ tenant: null }],
    stays: [{ tenant: '7' }, { tenant: '0' }],
  },
  {
    what: 'a scope of a number or NULL',
    filters: { scope: { tenant: [7, null] } },
    passes: [{ tenant: '7' }, { tenant: null }],
    stays: [{ tenant: '8' }, { tenant: '0' }],
  },
  {
    what: 'a scope of one text, to the letter',
    filters: { scope: { note: 'gpu' } },
    passes: [{ note: 'gpu' }],
    stays: [
      ...[{ note: 'GPU' }, { note: 'gpu ' }, { note: ' gpu' }, { note: 'gpú' }, { note: 'gpu2' }],
      ...[{ note: 'g' }, { note: '' }, { note: null }],
    ],
  },
  {
    what: 'a scope of texts that a statement might take for something else',
    filters: { scope: { note: ["it's ?", 'a%', '\\', '', '0'] } },
    passes: [{ note: "it's ?" }, { note: 'a%' }, { note: '\\' }, { note: '' }, { note: '0' }],
    stays: [{ note: 'its ?' }, { note: 'ab' }, { note: null }, { note: 'gpu' }, { note: ' ' }],
  },
  {
    what: 'a scope of true',
    filters: { scope: { pinned: true } },
    passes: [{ pinned: 'true' }],
    stays: [{ pinned: 'false' }, { pinned: null }],
  },
  {
    what: 'a scope of false',
    filters: { scope: { pinned: false } },
    passes: [{ pinned: 'false' }],
    stays: [{ pinned: 'true' }, { pinned: null }],
  },
  {
    what: 'a scope of two columns, both of them',
    filters: { scope: { tenant: 7, note: 'gpu' } },
    passes: [{ tenant: '7', note: 'gpu' }],
    stays: [{ tenant: '7', note: 'cpu' }, { tenant: '8', note: 'gpu' }, { tenant: '7', note: null }, {}],
  },
  {
    what: 'an id that is excluded',
    filters: { exclude: { [id]: ['3', '4', '99'] } },
    passes: [{}, {}],
    stays: [{}, {}],
  },
  {
    what: 'names that are excluded, to the letter',
    filters: { exclude: { name: ['license-server', 'cron'] } },
    passes: [
      ...[{ name: 'License-Server' }, { name: 'license-server ' }, { name: 'license-server-2' }, { name: 'cró n' }],
      ...[{ name: '' }, { name: null }],
    ],
    stays: [{ name: 'license-server' }, { name: 'cron' }],
  },
  {
    what: 'a boolean that is excluded',
    filters: { exclude: { pinned: true } },
    passes: [{ pinned: 'false' }, { pinned: null }],
    stays: [{ pinned: 'true' }],
  },
  {
    what: 'NULL that is excluded',
    filters: { exclude: { tenant: null } },
    passes: [{ tenant: '7' }, { tenant: '0' }],
    stays: [{ tenant: null }],
  },
  {
    what: 'columns that are excluded, either of them',
    filters: { exclude: [{ tenant: [7, null] }, { note: 'keep' }] },
    passes: [
      { tenant: '8', note: 'gpu' },
      { tenant: '8', note: null },
      { tenant: '8', note: 'Keep' },
    ],
    stays: [
      { tenant: '8', note: 'keep' },
      { tenant: '7', note: 'gpu' },
      { tenant: null, note: 'gpu' },
    ],
  },
  {
    what: 'a scope with jobs in it that are excluded in every way',
    filters: { scope: { tenant: 7 }, exclude: [{ [id]: '3' }, { name: 'cron' }, { pinned: true }] },
    passes: [{ tenant: '7' }, { tenant: '7', pinned: 'false', name: 'Cron' }],
    stays: [{ tenant: '7' }, { tenant: '7', name: 'cron' }, { tenant: '7', pinned: 'true' }, { tenant: '8' }, {}],
  },
];

const LEAVINGS = [
  { what: 'left the scope', change: { tenant: '8' } },
  { what: 'lost the column that the scope is about', change: { tenant: null } },
  { what: 'got an excluded name', change: { name: 'cron' } },
  { what: 'was pinned', change: { pinned: 'true' } },
];

export function describeWhichJobs<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { read, seed, write, ascending } = filtered(cluster);

  describe.each(cleanups)('say which jobs $name may see and touch:', (cleanup) => {
    describe.each(choicesBy(cluster.idColumn))('$what', ({ filters, passes, stays }) => {
      const passing = idsFrom(1, passes);

      test('is all that is found', async () => {
        await seed(
          cleanup,
          [...passes, ...stays].map((columns) => ({ job: columns })),
        );
        const { jobs, count = passing.length } = await read(cleanup, filters);
        expect({ jobs: ascending(jobs), count }).toEqual({ jobs: passing, count: passing.length });
      });

      test('is all that is written, whatever else is given', async () => {
        await seed(
          cleanup,
          [...passes, ...stays].map((columns) => ({ job: columns })),
        );
        const given = await read(cleanup);
        expect(given.jobs).toHaveLength(passes.length + stays.length);
        expect(await write(given, filters)).toEqual({ jobs: passing, said: { changed: passing, contended: [] } });
      });
    });

    const filters: Filters = { scope: { tenant: 7 }, exclude: [{ name: 'cron' }, { pinned: true }] };
    const inScope = { job: { tenant: '7' } };

    test.each(LEAVINGS)('a job that $what since it was read is left alone', async ({ change }) => {
      await seed(cleanup, [inScope, inScope]);
      const given = await read(cleanup, filters);
      expect(ascending(given.jobs)).toEqual(['1', '2']);
      await cluster.act(set('jobs', 1, change));
      expect(await write(given, filters)).toEqual({ jobs: ['2'], said: { changed: ['2'], contended: [] } });
    });

    test('rows made by hand are held to them too', async () => {
      await seed(cleanup, [{ job: { tenant: '8' } }, inScope, { job: { tenant: '7', pinned: 'true' } }]);
      const given = await read(cleanup);
      expect(await write(given, filters, true)).toMatchObject({ jobs: ['2'], said: { changed: ['2'] } });
    });

    if (cluster.capabilities.transactions) {
      test('jobs that are none of its business may be held by anyone', async () => {
        await seed(cleanup, [{ job: { tenant: '8' } }, inScope, { job: { tenant: '7', pinned: 'true' } }]);
        const given = await read(cleanup);
        const held = [['jobs', '1'] as const, ['jobs', '3'] as const];
        const { said } = await whileHeld(cluster, held, () => write(given, filters));
        expect(said).toEqual({ changed: ['2'], contended: [] });
      });
    }
  });
}
