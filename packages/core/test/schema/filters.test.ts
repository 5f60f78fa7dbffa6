import { describe, expect, it } from 'vitest';
import { type FilterOptions, resolveFilters } from '../../src/index.js';
import { errorWith } from '../support.js';

const NO_FILTERS = {
  scope: { all: [] },
  exclude: { any: [] },
  limitFor: [],
  ageColumn: null,
  sign: null,
  ageFrom: null,
  keepNewest: null,
  retentionDays: new Map(),
};

const manyTexts = Array.from({ length: 1001 }, (_value, index) => String(index));
const invalid = (message: string) => errorWith('INVALID_OPTION', message);

describe('filters', () => {
  it('leave every job in where none are given', () => {
    expect(resolveFilters()).toEqual(NO_FILTERS);
    expect(resolveFilters({})).toEqual(NO_FILTERS);
  });

  it('take conditions for the jobs that count and for those that do not', () => {
    const { scope, exclude } = resolveFilters({
      scope: { tenant_id: 7, queue: ['gpu', null] },
      exclude: { pinned: true },
    });
    expect(scope).toEqual({
      all: [
        { column: 'tenant_id', in: [7] },
        { column: 'queue', in: ['gpu', null] },
      ],
    });
    expect(exclude).toEqual({ column: 'pinned', in: [true] });
  });

  it('name no job in a condition that says nothing', () => {
    expect(resolveFilters({ scope: {}, exclude: {} })).toEqual(NO_FILTERS);
  });

  it('take age limits by job name, by another column and by final state', () => {
    const { limitFor, retentionDays } = resolveFilters({
      limitFor: [
        { stuckHours: { report: 200 }, staleReservationMinutes: { slow: 0.5 } },
        { column: 'queue', oldDays: { mail: 7 } },
      ],
      retentionDays: { FAILED: 180 },
    });
    const none = { staleReservationMinutes: new Map(), stuckHours: new Map(), oldDays: new Map() };
    expect(limitFor).toEqual([
      {
        ...{ ...none, path: 'filters.limitFor[0]', column: null },
        stuckHours: new Map([['report', 200]]),
        staleReservationMinutes: new Map([['slow', 0.5]]),
      },
      { ...none, path: 'filters.limitFor[1]', column: 'queue', oldDays: new Map([['mail', 7]]) },
    ]);
    const one = resolveFilters({ limitFor: { oldDays: { audit: 365 } } }).limitFor;
    expect(one).toEqual([{ ...none, path: 'filters.limitFor', column: null, oldDays: new Map([['audit', 365]]) }]);
    expect(retentionDays).toEqual(new Map([['FAILED', 180]]));
  });

  it('take a heartbeat column in any form that a time column has', () => {
    expect(resolveFilters({ ageColumn: 'heartbeat_at' }).ageColumn).toEqual({
      column: 'heartbeat_at',
      codec: 'instant',
      unset: [],
    });
    expect(resolveFilters({ ageColumn: 'heartbeat_at' }, undefined, 'utcDateTime').ageColumn?.codec).toBe(
      'utcDateTime',
    );
    const epoch = { column: 'seen', codec: 'epochSeconds', unset: [0] } as const;
    expect(resolveFilters({ ageColumn: epoch }).ageColumn).toEqual(epoch);
  });

  it.each<[unknown, string]>([
    [
      { scoop: {} },
      "filters.scoop is 'scoop': use scope, exclude, limitFor, ageColumn, ageFrom, keepNewest, retentionDays.",
    ],
    [
      { limitFor: { stuckDays: {} } },
      "filters.limitFor.stuckDays is 'stuckDays': use column, staleReservationMinutes, stuckHours, oldDays.",
    ],
    [
      { retentionDays: { RUNNING: 1 } },
      "filters.retentionDays.RUNNING is 'RUNNING': use COMPLETED, FAILED, CANCELLED.",
    ],
    [
      { limitFor: { stuckHours: { report: 0 } } },
      'filters.limitFor.stuckHours.report is 0: give a number above 0 and at most 876000.',
    ],
    [
      { limitFor: { stuckHours: { report: '9' } } },
      "filters.limitFor.stuckHours.report is '9': give a number above 0 and at most 876000.",
    ],
    [
      { limitFor: { stuckHours: new Map([['report', 9]]) } },
      "filters.limitFor.stuckHours is Map(1) { 'report' => 9 }: give an object.",
    ],
    [{ scope: ['tenant'] }, "filters.scope[0] is 'tenant': give an object of columns, or a list of such."],
    [{ exclude: null }, 'filters.exclude is null: give an object of columns, or a list of such.'],
    [
      { retentionDays: { FAILED: Number.POSITIVE_INFINITY } },
      'filters.retentionDays.FAILED is Infinity: give a number above 0 and at most 36500.',
    ],
    [
      { limitFor: { oldDays: Object.fromEntries(manyTexts.map((name) => [name, 1])) } },
      "filters.limitFor.oldDays is '1001 values': give at most 1000, or mark those jobs in a column and filter by it.",
    ],
  ])('that make no sense are refused: %j', (options, message) => {
    expect(() => resolveFilters(options as FilterOptions)).toThrow(invalid(message));
  });
});
