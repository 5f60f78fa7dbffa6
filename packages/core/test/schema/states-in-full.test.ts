import { describe, expect, it } from 'vitest';
import { resolveFilters, resolveSchema, type SchemaOptions, supportedStrategies } from '../../src/index.js';
import { errorWith } from '../support.js';

type JobStates = NonNullable<NonNullable<SchemaOptions['jobs']>['states']>;

const DONE = { done_at: { isNot: null } };
const columns = { endTime: 'done_at', errorMsg: 'error', exitCode: null } as const;
const jobsOf = (states: JobStates) => resolveSchema({ jobs: { columns, states } }).jobs;
const strategiesOf = (schema: SchemaOptions) =>
  supportedStrategies({ schema: resolveSchema(schema), filters: resolveFilters() });
const [RUNNING, FAILED] = [{ when: { done_at: null } }, { when: { ...DONE, error: { isNot: null } } }];

const isNull = (column: string) => ({ column, in: [null] });

describe('a state that a condition tells', () => {
  it('is that condition, by the columns that it names', () => {
    const { states, columns: mapped } = jobsOf({ RUNNING, FAILED });
    expect(states.in('RUNNING')).toEqual(isNull('done_at'));
    expect(states.columns).toEqual(['done_at', 'error']);
    expect(mapped.state).toBeNull();
    expect(states.isPlain).toBe(false);
  });

  it('leaves out rows that meet the condition of another state as well', () => {
    const { states } = jobsOf({ RUNNING, FAILED, COMPLETED: { when: DONE } });
    expect(states.in('COMPLETED')).toEqual({
      all: [
        { not: isNull('done_at') },
        { not: { any: [{ all: [{ not: isNull('done_at') }, { not: isNull('error') }] }] } },
      ],
    });
    // Nothing that runs is done, so nothing has to be said of it.
    expect(states.in('RUNNING')).toEqual(isNull('done_at'));
    expect(states.ambiguous).toBeDefined();
  });

  it('may stand beside values of the state column', () => {
    const { states, columns: mapped } = jobsOf({
      RUNNING: 'busy',
      FAILED: { when: { state: 'done', ok: false } },
      COMPLETED: { when: { state: 'done', ok: true } },
    });
    expect(mapped.state).toBe('state');
    expect(states.in('RUNNING')).toEqual({ column: 'state', in: ['busy'] });
    expect(states.ambiguous).toBeUndefined();
    expect(states.set('FAILED')).toEqual({ state: { value: 'done' }, ok: { value: false } });
  });

  it('may be a boolean or NULL of the state column', () => {
    const { states } = jobsOf({ RUNNING: null, FAILED: false, COMPLETED: true });
    expect(states.in('COMPLETED', 'FAILED')).toEqual({ column: 'state', in: [true, false] });
    expect(states.isPlain).toBe(false);
    expect(states.set('FAILED')).toEqual({ state: { value: false } });
  });

  it('says what is written for it', () => {
    const set = {
      lock: null,
      tries: { increment: 1 },
      code: { number: 'exitCode' },
      seen: { now: 'epochMillis' },
    } as const;
    const { states } = jobsOf({ RUNNING, FAILED: { ...FAILED, set } });
    expect(states.set('FAILED')).toEqual({ ...set, lock: { value: null } });
  });

  it('is told by a value of the state column as well as one that says no more than the value', () => {
    const { states } = jobsOf({ RUNNING: 'on', FAILED: { when: { state: ['bad', 'lost'] }, set: { lock: null } } });
    expect(states.known('lost')).toBe('FAILED');
    // Of a value that means two states nobody knows which.
    const both = { when: { state: 'on' } };
    expect(jobsOf({ RUNNING: 'on', FAILED: 'bad', COMPLETED: both }).states.isPlain).toBe(false);
  });

  it('is never written with null in place of what is, and takes the strategies with it that would', () => {
    const mapping = { jobs: { columns, states: { RUNNING, FAILED: { ...FAILED, set: null } } } };
    expect(resolveSchema(mapping).jobs.states.canWrite('FAILED')).toBe(false);
    const statuses = { ALLOCATED: 'busy', RELEASED: { when: { status: 'free' }, set: null } } as const;
    expect(strategiesOf(mapping)).toEqual(['completed_job_cleanup', 'old_job_cleanup', 'orphaned_allocation_cleanup']);
    expect(strategiesOf({ allocations: { statuses } })).toEqual(['old_job_cleanup']);
  });
});

describe('a mapping of states in full is refused', () => {
  const path = 'schema.jobs.states.FAILED';
  it.each<[JobStates, string]>([
    [
      { RUNNING, FAILED: { when: { ...DONE, kind: { isNot: null } } } },
      `${path}.when does not hold for what is written for it. Say in ${path}.set what done_at, kind shall be.`,
    ],
    [
      { RUNNING, FAILED: { when: { done_at: null, kind: 'failed' } } },
      `${path}.when does not hold for what is written for it. Say in ${path}.set what done_at, kind shall be.`,
    ],
    [
      { RUNNING: { when: { lock: { isNot: null } } }, FAILED: { when: DONE } },
      'schema.jobs.states.RUNNING.when holds for what is written for FAILED too. ' +
        `Tell them apart, or say in ${path}.set what makes the difference.`,
    ],
    [{ RUNNING, FAILED: { when: {} } }, `${path}.when is {}. Name at least one column.`],
    [{ RUNNING, FAILED: { wen: DONE } as never }, `${path}.wen is not an option. Use when, set.`],
    [
      { RUNNING, FAILED: { when: { exists: { table: 'errors', key: 'job' } } } },
      `${path}.when.exists is {"table":"errors","key":"job"}. Name columns of the table itself.`,
    ],
    [
      { RUNNING, FAILED: { ...FAILED, set: { lock: { later: true } as never } } },
      `${path}.set.lock is {"later":true}. Give a text, a finite number, a boolean, null, or an object with one of now, text, number, json, increment.`,
    ],
    [
      { RUNNING, FAILED: { ...FAILED, set: { lock: { text: 'message' as never } } } },
      `${path}.set.lock.text is "message". Use errorMsg, exitCode.`,
    ],
  ])('%j', (states, message) => {
    expect(() => jobsOf(states)).toThrow(errorWith('INVALID_SCHEMA', message));
  });

  it('when what is released would still be held', () => {
    const statuses = {
      ALLOCATED: { when: { holder: { isNot: null } } },
      RELEASED: { when: { free_at: { isNot: null } } },
    };
    const allocations = { columns: { releasedTime: 'free_at' }, statuses } as const;
    expect(() => resolveSchema({ allocations })).toThrow(
      errorWith(
        'INVALID_SCHEMA',
        'schema.allocations.statuses.ALLOCATED.when holds for what is written for RELEASED too. ' +
          'Tell them apart, or say in schema.allocations.statuses.RELEASED.set what makes the difference.',
      ),
    );
    const RELEASED = { ...statuses.RELEASED, set: { holder: null } };
    expect(() => resolveSchema({ allocations: { ...allocations, statuses: { ...statuses, RELEASED } } })).not.toThrow();
  });
});
