import { describe, expect, test } from 'vitest';
import type { Columns } from '../../cluster.js';
import { allocation, job } from '../../support/rows.js';
import { DAY, HOUR, MINUTE } from '../../support/times.js';
import { type ClusterUnderTest, set } from '../../support/under-test.js';
import {
  type Case,
  type Cleanup,
  cleanStale,
  deleteOld,
  type Filters,
  failStuck,
  filtered,
  LIMITS,
} from './cleanups.js';

interface Rule {
  readonly option: keyof typeof LIMITS;
  readonly unitSeconds: number;
  readonly cleanup: Cleanup;
  /** The time that the rule looks at. */
  readonly at: (time: string) => Case;
}

const rules: readonly Rule[] = [
  {
    option: 'staleReservationMinutes',
    unitSeconds: MINUTE,
    cleanup: cleanStale,
    at: (allocationTime) => ({ allocation: { allocationTime } }),
  },
  { option: 'stuckHours', unitSeconds: HOUR, cleanup: failStuck, at: (startTime) => ({ job: { startTime } }) },
  { option: 'oldDays', unitSeconds: DAY, cleanup: deleteOld, at: (endTime) => ({ job: { endTime } }) },
];

/** A job by its name and age: in limits of the strategy and, beyond these, in steps of the smallest size. */
interface Aged {
  readonly name: string | null;
  readonly limits: number;
  readonly steps: number;
  readonly isDue: boolean;
  /** Whether a write can tell by the name that it is not due. */
  readonly isOwn: boolean;
}

const own = (name: string, limits: number, steps: number, isDue: boolean): Aged => ({
  name,
  limits,
  steps,
  isDue,
  isOwn: true,
});
const other = (name: string | null, limits: number, steps: number, isDue: boolean): Aged => ({
  name,
  limits,
  steps,
  isDue,
  isOwn: false,
});

/** `slow` has four times the limit of the strategy, `quick` and `brief` a quarter of it. */
const JOBS: readonly Aged[] = [
  own('slow', 4, 1, true),
  own('slow', 4, 0, false),
  own('slow', 4, -1, false),
  own('slow', 1, 1, false),
  own('quick', 0.25, 1, true),
  own('quick', 0.25, 0, false),
  own('brief', 0.25, 1, true),
  own('brief', 0.25, 0, false),
  own('brief', 2, 0, true),
  other('other', 1, 1, true),
  other('other', 1, 0, false),
  other('other', 0.25, 1, false),
  other('Slow', 1, 1, true),
  other('slow ', 1, 1, true),
  other('Quick', 0.25, 1, false),
  other(null, 1, 1, true),
  other(null, 0.25, 1, false),
  other('', 1, 1, true),
];

/** So short that every job above is over it. */
const NO_LIMIT = 0.001;

export function describeOwnLimits<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { read, seed, write, ascending } = filtered(cluster);
  const { ago } = cluster;

  describe.each(rules)('limitFor.$option', ({ option, unitSeconds, cleanup, at }) => {
    const limit = LIMITS[option];
    const filters: Filters = { limitFor: { [option]: { slow: 4 * limit, quick: limit / 4, brief: limit / 4 } } };
    const aged = (name: string | null, limits: number, steps = 0): Case => {
      const { job: ofJob, allocation: ofAllocation } = at(ago(limits * limit * unitSeconds, steps));
      return { job: { name, ...ofJob }, ...(ofAllocation && { allocation: ofAllocation }) };
    };
    const seedAll = () =>
      seed(
        cleanup,
        JOBS.map(({ name, limits, steps }) => aged(name, limits, steps)),
      );
    const idsWhere = (holds: (each: Aged) => boolean) =>
      JOBS.flatMap((each, index) => (holds(each) ? [String(index + 1)] : []));

    test('goes before the limit of the strategy, for these names alone and to the letter', async () => {
      await seedAll();
      const due = idsWhere(({ isDue }) => isDue);
      const { jobs, count = due.length } = await read(cleanup, filters);
      expect({ jobs: ascending(jobs), count }).toEqual({ jobs: due, count: due.length });
    });

    test.each([
      { what: 'as they were read', isByHand: false },
      { what: 'made by hand', isByHand: true },
    ])(`is kept by ${cleanup.name}, whatever rows it is given $what`, async ({ isByHand }) => {
      await seedAll();
      const given = await read(cleanup, undefined, NO_LIMIT);
      expect(given.jobs).toHaveLength(JOBS.length);
      const due = idsWhere(({ isDue, isOwn }) => isDue || !isOwn);
      expect(await write(given, filters, isByHand)).toEqual({ jobs: due, said: { changed: due, contended: [] } });
    });

    test('is that of the whole name, however little of it is shown', async () => {
      const [slow = '', other = ''] = ['A', 'B'].map((end) => `${'n'.repeat(250)}${end}`);
      const own: Filters = { limitFor: { [option]: { [slow]: 4 * limit } } };
      await seed(cleanup, [aged(slow, 2), aged(other, 2), aged(slow, 5)]);
      const due = ['2', '3'];
      const found = await read(cleanup, own);
      expect(ascending(found.jobs)).toEqual(due);
      await cluster.act(set('jobs', 3, { name: other }));
      expect(await write(found, own)).toEqual({ jobs: ['2'], said: { changed: ['2'], contended: [] } });
    });

    test('is that of the name which a job has when it is written: with a longer one it is left alone', async () => {
      await seed(cleanup, [aged('other', 2), aged('other', 2)]);
      const given = await read(cleanup, filters);
      await cluster.act(set('jobs', 1, { name: 'slow' }));
      expect(await write(given, filters)).toEqual({ jobs: ['2'], said: { changed: ['2'], contended: [] } });
    });

    test('is no more when the job has lost the name, so one that was due by it alone is left alone', async () => {
      await seed(cleanup, [aged('quick', 0.5), aged('quick', 0.5)]);
      const given = await read(cleanup, filters);
      await cluster.act(set('jobs', 1, { name: 'other' }));
      expect(await write(given, filters)).toEqual({ jobs: ['2'], said: { changed: ['2'], contended: [] } });
    });
  });

  describe.each(rules)('limitFor.$option by a column', ({ option, unitSeconds, cleanup, at }) => {
    const limit = LIMITS[option];
    const filters: Filters = {
      limitFor: [
        { [option]: { slow: 4 * limit } },
        { column: 'note', [option]: { gpu: limit / 4, "it's ?": 2 * limit } },
      ],
    };
    const aged = (columns: Columns, limits: number, steps = 0): Case => {
      const { job: ofJob, allocation: ofAllocation } = at(ago(limits * limit * unitSeconds, steps));
      return { job: { ...columns, ...ofJob }, ...(ofAllocation && { allocation: ofAllocation }) };
    };

    test('comes after the one by name and before that of the strategy, to the letter, in reads and writes', async () => {
      await seed(cleanup, [
        ...[aged({ note: 'gpu' }, 0.25, 1), aged({ note: "it's ?" }, 2, 1), aged({ name: 'slow', note: 'gpu' }, 4, 1)],
        ...[aged({ note: 'GPU' }, 1, 1), aged({ note: null }, 1, 1)],
        ...[aged({ note: 'gpu' }, 0.25), aged({ note: "it's ?" }, 2), aged({ name: 'slow', note: 'gpu' }, 4)],
        ...[aged({ note: 'gpu ' }, 1), aged({ note: null }, 0.5)],
      ]);
      const due = ['1', '2', '3', '4', '5'];
      const { jobs, count = due.length } = await read(cleanup, filters);
      expect({ jobs: ascending(jobs), count }).toEqual({ jobs: due, count: due.length });
      const given = await read(cleanup, undefined, NO_LIMIT);
      const free = [...due, '9', '10'];
      expect(await write(given, filters, true)).toEqual({ jobs: free, said: { changed: free, contended: [] } });
    });

    test('is that of the value which a job has when it is written: with another limit it is left alone', async () => {
      await seed(cleanup, [aged({ note: 'gpu' }, 3), aged({ note: 'gpu' }, 3), aged({ note: 'cpu' }, 3)]);
      const given = await read(cleanup, filters);
      await cluster.act(set('jobs', 1, { note: "it's ?" }), set('jobs', 3, { note: 'tpu' }));
      expect(await write(given, filters)).toEqual({ jobs: ['2', '3'], said: { changed: ['2', '3'], contended: [] } });
    });
  });

  describe('limitFor.staleReservationMinutes', () => {
    const limits = { slow: 120, quick: 5 };
    const filters: Filters = { limitFor: { staleReservationMinutes: limits } };
    const reserved = (id: number, jobId: number, minutes: number, steps = 0) =>
      allocation(id, jobId, { status: 'RESERVED', allocationTime: ago(minutes * MINUTE, steps) });
    const jobs = [job(1, { name: 'slow' }), job(2, { name: 'quick' }), job(3)];

    test('is also the limit of the other reservations of the job', async () => {
      const allocations = [
        ...[reserved(11, 1, 130), reserved(12, 1, 120)],
        ...[reserved(21, 2, 9), reserved(22, 2, 5, 1)],
        ...[reserved(31, 3, 11), reserved(32, 3, 9)],
      ];
      await cluster.seed({ jobs, allocations });
      const { jobs: found, count } = await read(cleanStale, filters);
      expect({ found, count }).toEqual({ found: ['2', '2'], count: 2 });
    });

    test('also when one of them comes between the read and the write', async () => {
      await cluster.seed({ jobs, allocations: [reserved(11, 1, 130), reserved(21, 2, 9), reserved(31, 3, 30)] });
      const given = await read(cleanStale, filters);
      await cluster.act(
        { table: 'allocations', insert: reserved(12, 1, 60) },
        { table: 'allocations', insert: reserved(22, 2, 7) },
        { table: 'allocations', insert: reserved(32, 3, 7) },
      );
      expect(await write(given, filters)).toEqual({ jobs: ['2', '21'], said: { changed: ['21'], contended: [] } });
    });
  });
}
