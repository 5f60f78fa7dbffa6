import { describe, expect, it } from 'vitest';
import { type Entry, JANITOR, judge } from '../src/judge.js';
import { ago, EMPTY_JOB, type Row, type TableName } from '../src/rows.js';

const NOW = ago(0, 'hours');
const job = (row: Partial<Row>) => ({ ...EMPTY_JOB, id: '1', ...row }) as Row;
const allocation = (row: Partial<Row>) =>
  ({ id: '11', job_id: '1', status: 'ALLOCATED', allocation_time: ago(3, 'days'), released_time: null, ...row }) as Row;

const stuck = job({ state: 'RUNNING', start_time: ago(3, 'days') });
const old = job({ state: 'COMPLETED', end_time: ago(40, 'days') });
const failed = (was: Row, exit_code: string) =>
  ({ ...was, state: 'FAILED', end_time: NOW, error_msg: 'over', exit_code }) as Row;
const released = (was: Row) => ({ ...was, status: 'RELEASED', released_time: NOW }) as Row;

const change = (table: TableName, before: Row | null, after: Row | null, who = JANITOR): Entry => ({
  ...{ who, table, before, after },
  at: Date.parse(NOW),
});

/** What the judge says of changes to one job and its allocation. */
const verdict = (held: { job?: Row; allocation?: Row }, ...entries: Entry[]) =>
  judge({ jobs: held.job ? [held.job] : [], allocations: held.allocation ? [held.allocation] : [] }, entries);

describe('the judge', () => {
  it('counts what each strategy repairs', () => {
    const over = failed(stuck, '-2:0');
    const held = allocation({});
    const fails = verdict(
      { job: stuck, allocation: held },
      change('jobs', stuck, over),
      change('allocations', held, released(held)),
    );
    expect(fails).toEqual({ violations: [], repaired: expect.objectContaining({ stuck_job_cleanup: 1 }) });

    const leaves = verdict({ job: old, allocation: held }, change('allocations', held, released(held)));
    expect(leaves).toEqual({ violations: [], repaired: expect.objectContaining({ completed_job_cleanup: 1 }) });

    const kept = released(held);
    const deletes = verdict(
      { job: old, allocation: kept },
      change('allocations', kept, null),
      change('jobs', old, null),
    );
    expect(deletes).toEqual({ violations: [], repaired: expect.objectContaining({ old_job_cleanup: 1 }) });

    const stale = job({ state: 'RUNNING', start_time: NOW });
    const reserved = allocation({ status: 'RESERVED' });
    const clears = verdict(
      { job: stale, allocation: reserved },
      change('jobs', stale, failed(stale, '-3:0')),
      change('allocations', reserved, released(reserved)),
    );
    expect(clears).toEqual({ violations: [], repaired: expect.objectContaining({ stale_reservation_cleanup: 1 }) });
  });

  it.each<[string, { job: Row; allocation?: Row }, Entry[]]>([
    [
      'a release after the application has queued the job again',
      { job: old, allocation: allocation({}) },
      [
        change('jobs', old, job({ state: 'PENDING' }), 'application'),
        change('allocations', allocation({}), released(allocation({}))),
      ],
    ],
    [
      'a release of what was released',
      { job: old, allocation: released(allocation({})) },
      [
        change('allocations', released(allocation({})), {
          ...released(allocation({})),
          released_time: ago(1, 'hours'),
        }),
      ],
    ],
    [
      'a job failed twice',
      { job: failed(stuck, '-2:0') },
      [change('jobs', failed(stuck, '-2:0'), failed(stuck, '-3:0'))],
    ],
    [
      'a job failed that is young',
      { job: job({ state: 'RUNNING', start_time: NOW }) },
      [
        change(
          'jobs',
          job({ state: 'RUNNING', start_time: NOW }),
          failed(job({ state: 'RUNNING', start_time: NOW }), '-2:0'),
        ),
      ],
    ],
    [
      'a stale reservation beside one that is alive',
      { job: stuck, allocation: allocation({}) },
      [change('jobs', stuck, failed(stuck, '-3:0'))],
    ],
    ['a job deleted that holds something', { job: old, allocation: allocation({}) }, [change('jobs', old, null)]],
    [
      'an allocation deleted that was never released',
      { job: old, allocation: allocation({}) },
      [change('allocations', allocation({}), null)],
    ],
    [
      'a job deleted before its time',
      { job: job({ state: 'COMPLETED', end_time: NOW }) },
      [change('jobs', job({ state: 'COMPLETED', end_time: NOW }), null)],
    ],
    ['another column written', { job: stuck }, [change('jobs', stuck, { ...failed(stuck, '-2:0'), name: 'x' })]],
    ['a row inserted', { job: stuck }, [change('allocations', null, allocation({}))]],
  ])('does not pass %s', (_what, held, entries) => {
    expect(verdict(held, ...entries).violations).toHaveLength(1);
  });
});
