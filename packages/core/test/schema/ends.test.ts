import { describe, expect, it } from 'vitest';
import {
  Mapped,
  Rules,
  resolveFilters,
  resolveSchema,
  type SchemaOptions,
  supportedStrategies,
} from '../../src/index.js';
import { errorWith } from '../support.js';

type Jobs = NonNullable<SchemaOptions['jobs']>;

const ENDS = ['finished_at', 'failed_at', 'canceled_at'];
const jobsOf = (jobs: Jobs) => resolveSchema({ jobs }).jobs;
const states = (set: object): NonNullable<Jobs['states']> => ({
  RUNNING: 'busy',
  FAILED: { when: { state: 'failed' }, set: set as never },
});
const writtenFor = (set: object) => jobsOf({ columns: { endTime: ENDS }, states: states(set) }).writtenEnd?.column;

describe('the end of jobs', () => {
  it('may be the first of several columns that is set', () => {
    const { columns, writtenEnd } = jobsOf({
      columns: { endTime: [...ENDS.slice(1), { column: 'x', codec: 'epochMillis' }] },
    });
    expect(columns.endTime.map(({ column, codec }) => `${column} ${codec}`)).toEqual([
      'failed_at instant',
      'canceled_at instant',
      'x epochMillis',
    ]);
    expect(writtenEnd?.column).toBe('failed_at');
  });

  it('is written where FAILED says, and otherwise into the first that FAILED says nothing of', () => {
    expect(writtenFor({ failed_at: { now: true } })).toBe('failed_at');
    expect(writtenFor({ failed_at: { now: true }, finished_at: null })).toBe('failed_at');
    expect(writtenFor({ finished_at: null })).toBe('failed_at');
    expect(writtenFor({ tries: 1 })).toBe('finished_at');
    expect(jobsOf({ states: states({ end_time: null }) }).writtenEnd).toBeNull();
  });

  it('may tell a state by one of them, if that one is written', () => {
    const told = (set: object) => ({
      RUNNING: { when: { finished_at: null, failed_at: null } },
      FAILED: { when: { failed_at: { isNot: null } }, set: set as never },
      COMPLETED: { when: { finished_at: { isNot: null }, failed_at: null } },
    });
    const columns = { endTime: ENDS.slice(0, 2), errorMsg: null, exitCode: null };
    expect(jobsOf({ columns, states: told({ failed_at: { now: true } }) }).writtenEnd?.column).toBe('failed_at');
    const problem = 'schema.jobs.states.FAILED.when does not hold for what is written for it';
    expect(() => jobsOf({ columns, states: told({}) })).toThrow(
      errorWith('INVALID_SCHEMA', `${problem}. Say in schema.jobs.states.FAILED.set what failed_at shall be.`),
    );
  });

  it.each([
    [[], 'schema.jobs.columns.endTime is []. Name each column once, or give null where there is none.'],
    [['a', 'a'], 'schema.jobs.columns.endTime is ["a","a"]. Name each column once, or give null where there is none.'],
    [['a', ''], 'schema.jobs.columns.endTime[1] is "". Give the name as the database has it.'],
    [[null], 'schema.jobs.columns.endTime[0] is null. Give the name as the database has it.'],
  ])('is refused: %j', (endTime, message) => {
    expect(() => jobsOf({ columns: { endTime: endTime as never } })).toThrow(errorWith('INVALID_SCHEMA', message));
  });

  it('may be absent: then nothing is old, unless jobs have another time', () => {
    const schema = resolveSchema({ jobs: { columns: { endTime: null } } });
    const without = { schema, filters: resolveFilters() };
    expect(supportedStrategies(without)).not.toContain('old_job_cleanup');
    const remaining =
      'schema.jobs.columns.endTime is null, and filters.ageFrom names no other time of jobs. What remains: ' +
      'completed_job_cleanup, stale_reservation_cleanup, stuck_job_cleanup, orphaned_allocation_cleanup.';
    expect(() => new Rules(new Mapped(without)).old(0n, 1)).toThrow(errorWith('UNSUPPORTED_SCHEMA', remaining));

    const filters = resolveFilters({ ageFrom: 'changed_at' });
    expect(supportedStrategies({ schema, filters })).toContain('old_job_cleanup');
    expect(new Rules(new Mapped({ schema, filters })).old(10_000_000n, 1)).toMatchObject({
      all: [{ column: 'state' }, { time: 'changed_at', before: 9_000_000n }],
    });
  });

  it('tells in one column which jobs are newer, and not in several', () => {
    const filters = resolveFilters({ keepNewest: { count: 5 } });
    const schema = resolveSchema({ jobs: { columns: { endTime: ['done_at', 'failed_at'] } } });
    expect(supportedStrategies({ schema, filters })).not.toContain('old_job_cleanup');
    const problem =
      'filters.keepNewest needs the end of jobs in one column, by which it tells the newer ones. Name one in filters.ageFrom. ' +
      'What remains: completed_job_cleanup, stale_reservation_cleanup, stuck_job_cleanup, orphaned_allocation_cleanup.';
    expect(() => new Rules(new Mapped({ schema, filters })).newest()).toThrow(errorWith('UNSUPPORTED_SCHEMA', problem));
    const marked = resolveFilters({ keepNewest: { count: 5 }, ageFrom: 'done_at' });
    expect(supportedStrategies({ schema, filters: marked })).toContain('old_job_cleanup');
    expect(new Rules(new Mapped({ schema, filters: marked })).newest()?.time).toBe('done_at');
  });

  it('may be the last sign of life, if both are kept in the same way', () => {
    const mapped = (jobs: Jobs) =>
      new Mapped({ schema: resolveSchema({ jobs }), filters: resolveFilters({ ageColumn: 'seen' }) });
    expect(mapped({ endedAs: 'lastSign' }).signs.map(({ column }) => column)).toEqual(['seen', 'start_time']);
    const message =
      "schema.jobs.endedAs is 'lastSign', and start_time keeps times in another way than end. Use 'now', or columns with one codec.";
    const columns = { endTime: { column: 'end', codec: 'epochMillis' } } as const;
    expect(() => mapped({ endedAs: 'lastSign', columns })).toThrow(errorWith('INVALID_SCHEMA', message));
    expect(() => mapped({ endedAs: 'start' as never })).toThrow(
      errorWith('INVALID_SCHEMA', 'schema.jobs.endedAs is "start". Use now, lastSign.'),
    );
  });
});
