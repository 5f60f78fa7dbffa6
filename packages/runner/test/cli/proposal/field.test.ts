import { expect, test } from 'vitest';
import { factsOf, proposed, shown } from './support.js';

test("jobsweep's own names are known, and all is mapped", () => {
  const facts = factsOf('postgres', {
    jobs: {
      columns:
        'id bigint, name text, state text, start_time timestamptz, end_time timestamptz, error_msg text, exit_code text',
      references: ['resource_allocations.job_id', 'requests.job_id'],
      values: { state: { COMPLETED: 3, RUNNING: 2 } },
    },
    resource_allocations: {
      columns: 'id bigint, job_id bigint, status text, allocation_time timestamptz, released_time timestamptz',
      values: { status: { RELEASED: 3 } },
    },
    requests: { columns: 'id bigint, job_id bigint, status text' },
  });
  const { lines, dependents } = proposed(facts);
  expect(shown(lines)).toEqual([
    'jobs.table: jobs',
    'jobs.columns.id: id',
    'jobs.columns.name: name',
    'jobs.columns.state: state',
    'jobs.columns.startTime: start_time',
    'jobs.columns.endTime: end_time',
    'jobs.columns.errorMsg: error_msg',
    'jobs.columns.exitCode: exit_code',
    'jobs.states.PENDING: PENDING',
    'jobs.states.RUNNING: RUNNING',
    'jobs.states.COMPLETED: COMPLETED',
    'jobs.states.FAILED: FAILED',
    'jobs.states.CANCELLED: CANCELLED',
    'allocations.table: resource_allocations',
    'allocations.columns.id: id',
    'allocations.columns.jobId: job_id',
    'allocations.columns.status: status',
    'allocations.columns.allocationTime: allocation_time',
    'allocations.columns.releasedTime: released_time',
    'allocations.statuses.RESERVED: RESERVED',
    'allocations.statuses.ALLOCATED: ALLOCATED',
    'allocations.statuses.RELEASED: RELEASED',
  ]);
  expect(dependents.map(({ table }) => table.name)).toEqual(['requests']);
});

test('01: flow runs and their slots', () => {
  const facts = factsOf('postgres', {
    flow_run: {
      columns:
        'id bigint, name text, state_type text, created timestamptz, start_time timestamptz, end_time timestamptz, message text',
      references: ['concurrency_slot.flow_run_id'],
      values: { state_type: { PENDING: 2, RUNNING: 1, CANCELLED: 1, SCHEDULED: 1 } },
    },
    concurrency_slot: {
      columns: 'id bigint, flow_run_id bigint, status text, taken_at timestamptz, given_back_at timestamptz',
      values: { status: { RESERVED: 2, ALLOCATED: 1 } },
    },
  });
  expect(shown(proposed(facts).lines)).toEqual([
    '? jobs.table: flow_run',
    'jobs.columns.id: id',
    'jobs.columns.name: name',
    '? jobs.columns.state: state_type',
    'jobs.columns.startTime: start_time',
    '? jobs.columns.createdTime: created',
    'jobs.columns.endTime: end_time',
    'jobs.columns.errorMsg: null',
    'jobs.columns.exitCode: null',
    '? jobs.states.PENDING: ["PENDING","SCHEDULED"]',
    'jobs.states.RUNNING: RUNNING',
    '? jobs.states.FAILED: FAILED',
    'jobs.states.CANCELLED: CANCELLED',
    '? allocations.table: concurrency_slot',
    'allocations.columns.id: id',
    'allocations.columns.jobId: flow_run_id',
    'allocations.columns.status: status',
    '? allocations.columns.allocationTime: taken_at',
    '? allocations.columns.releasedTime: given_back_at',
    'allocations.statuses.RESERVED: RESERVED',
    'allocations.statuses.ALLOCATED: ALLOCATED',
    'allocations.statuses.RELEASED: RELEASED',
  ]);
});

test('02: times without a zone, names in quotes, a table that points at itself', () => {
  const facts = factsOf('postgres', {
    jms_jobs: {
      columns:
        'id bigint, state text, command text, createdAt timestamp, startedAt timestamp, closedAt timestamp, workerName text, output text, errorOutput text, exitCode smallint, originalJob_id bigint',
      references: ['jms_jobs.originalJob_id'],
      values: { state: { finished: 17924, failed: 33, running: 18, pending: 8, incomplete: 7, canceled: 6 } },
    },
  });
  const { lines, unknown, dependents } = proposed(facts);
  expect(shown(lines)).toEqual([
    '? jobs.table: jms_jobs',
    'jobs.columns.id: id',
    '? jobs.columns.name: command',
    'jobs.columns.state: state',
    '? jobs.columns.startTime: {"column":"startedAt","codec":"utcDateTime"}',
    '? jobs.columns.createdTime: {"column":"createdAt","codec":"utcDateTime"}',
    '? jobs.columns.endTime: {"column":"closedAt","codec":"utcDateTime"}',
    '? jobs.columns.errorMsg: errorOutput',
    '? jobs.columns.exitCode: {"column":"exitCode","number":"exitCode"}',
    '? jobs.states.PENDING: pending',
    '? jobs.states.RUNNING: running',
    '? jobs.states.COMPLETED: finished',
    '? jobs.states.FAILED: failed',
    '? jobs.states.CANCELLED: canceled',
    'allocations: null',
  ]);
  expect(unknown.states).toEqual([{ value: 'incomplete', rows: 7, hasMore: false }]);
  expect(dependents).toEqual([]);
});

test('04: a key of two columns, and a status that a time tells', () => {
  const facts = factsOf('postgres', {
    kernels: {
      columns: 'id uuid, name text, status text, starts_at timestamptz, terminated_at timestamptz, status_info text',
      references: ['resource_allocations.kernel_id'],
      values: { status: { TERMINATED: 1, CANCELLED: 1, RUNNING: 1 } },
    },
    agent_resources: {
      columns: 'agent_id text, slot_name text, capacity bigint, used bigint',
      key: ['agent_id', 'slot_name'],
    },
    resource_allocations: {
      columns:
        'kernel_id uuid, slot_name text, requested bigint, used bigint, created_at timestamptz, used_at timestamptz, free_at timestamptz',
      key: ['kernel_id', 'slot_name'],
    },
  });
  const { lines, unknown } = proposed(facts);
  expect(shown(lines)).toEqual([
    '? jobs.table: kernels',
    'jobs.columns.id: id',
    'jobs.columns.name: name',
    '? jobs.columns.state: status',
    '? jobs.columns.startTime: starts_at',
    '? jobs.columns.endTime: terminated_at',
    'jobs.columns.errorMsg: null',
    'jobs.columns.exitCode: null',
    'jobs.states.RUNNING: RUNNING',
    '? jobs.states.FAILED: FAILED',
    'jobs.states.CANCELLED: CANCELLED',
    'allocations.table: resource_allocations',
    'allocations.columns.id: ["kernel_id","slot_name"]',
    'allocations.columns.jobId: kernel_id',
    '? allocations.columns.allocationTime: used_at',
    '? allocations.columns.releasedTime: free_at',
    '? allocations.statuses.ALLOCATED: {"when":{"free_at":null}}',
    '? allocations.statuses.RELEASED: {"when":{"free_at":{"isNot":null}}}',
  ]);
  expect(unknown.states.map(({ value }) => value)).toEqual(['TERMINATED']);
});

test('06: a result for a state, and a link by its name alone', () => {
  const facts = factsOf('mysql', {
    builds: {
      columns: 'id bigint, job text, result text, began datetime, ended datetime, note text',
      values: { result: { SUCCESS: 1, BUILDING: 1 } },
    },
    locks: {
      columns: 'id bigint, build_id bigint, resource text, status text, since datetime, until_at datetime',
      values: { status: { LOCKED: 3, FREE: 1 } },
    },
  });
  const lines = shown(proposed(facts).lines);
  expect(lines).toEqual(
    expect.arrayContaining([
      '? jobs.table: builds',
      '? jobs.columns.name: job',
      '? jobs.columns.state: result',
      '? jobs.columns.startTime: {"column":"began","codec":"utcDateTime"}',
      'jobs.columns.errorMsg: null',
      '? jobs.states.FAILED: FAILED',
      '? allocations.table: locks',
      '? allocations.columns.jobId: build_id',
      '? allocations.columns.releasedTime: {"column":"until_at","codec":"utcDateTime"}',
      '? allocations.statuses.ALLOCATED: LOCKED',
      '? allocations.statuses.RELEASED: FREE',
    ]),
  );
});

test('07: executions, of which hang three tables', () => {
  const facts = factsOf('postgres', {
    execution_entity: {
      columns:
        'id int, finished boolean, mode text, retryOf text, startedAt timestamptz, stoppedAt timestamptz, waitTill timestamptz, status text, workflowId text, deletedAt timestamptz, createdAt timestamptz',
      references: ['execution_data.executionId', 'execution_annotations.executionId'],
      values: { status: { new: 3, running: 2, success: 2, waiting: 1 } },
    },
    execution_data: { columns: 'executionId int, data text' },
    execution_annotations: { columns: 'id int, executionId int, note text' },
  });
  const { lines, dependents } = proposed(facts);
  expect(shown(lines)).toEqual([
    '? jobs.table: execution_entity',
    'jobs.columns.id: id',
    '? jobs.columns.name: workflowId',
    '? jobs.columns.state: status',
    '? jobs.columns.startTime: startedAt',
    '? jobs.columns.createdTime: createdAt',
    '? jobs.columns.endTime: stoppedAt',
    'jobs.columns.errorMsg: null',
    'jobs.columns.exitCode: null',
    '? jobs.states.PENDING: ["new","waiting"]',
    '? jobs.states.RUNNING: running',
    '? jobs.states.COMPLETED: success',
    '? jobs.states.FAILED: failed',
    'allocations: null',
  ]);
  expect(dependents.map(({ table }) => table.name)).toEqual(['execution_data', 'execution_annotations']);
});

test('10: an enum whose members are its states, and a sign of life in another table', () => {
  const facts = factsOf('mysql', {
    trials: {
      columns:
        'trial_id int, number int, study_id int, state enum(RUNNING|COMPLETE|PRUNED|FAIL|WAITING), datetime_start datetime, datetime_complete datetime',
      references: ['trial_heartbeats.trial_id'],
      values: { state: { RUNNING: 2 } },
    },
    trial_heartbeats: { columns: 'trial_heartbeat_id int, trial_id int, heartbeat datetime' },
  });
  const { lines, unknown } = proposed(facts);
  expect(shown(lines)).toEqual([
    '? jobs.table: trials',
    'jobs.columns.id: trial_id',
    '? jobs.columns.name: trial_id',
    'jobs.columns.state: state',
    '? jobs.columns.startTime: {"column":"datetime_start","codec":"utcDateTime"}',
    '? jobs.columns.endTime: {"column":"datetime_complete","codec":"utcDateTime"}',
    'jobs.columns.errorMsg: null',
    'jobs.columns.exitCode: null',
    '? jobs.states.PENDING: WAITING',
    'jobs.states.RUNNING: RUNNING',
    '? jobs.states.COMPLETED: COMPLETE',
    '? jobs.states.FAILED: FAIL',
    'allocations: null',
    '? filters.ageColumn: {"table":"trial_heartbeats","key":"trial_id","column":"heartbeat","codec":"utcDateTime"}',
  ]);
  expect(unknown.states.map(({ value }) => value)).toEqual(['PRUNED']);
});

test('11: numbers that are milliseconds, with 0 for none, and words that say nothing', () => {
  const facts = factsOf('mysql', {
    QRTZ_TRIGGERS: {
      columns:
        'SCHED_NAME text, TRIGGER_NAME text, JOB_NAME text, NEXT_FIRE_TIME bigint, PREV_FIRE_TIME bigint, TRIGGER_STATE text, TRIGGER_TYPE text, START_TIME bigint, END_TIME bigint',
      key: ['SCHED_NAME', 'TRIGGER_NAME'],
      values: {
        TRIGGER_STATE: { BLOCKED: 2, ACQUIRED: 1, WAITING: 1 },
        START_TIME: { 1600000000000: 4 },
        END_TIME: { 0: 4 },
      },
    },
  });
  const states = new Map([['ACQUIRED', 'RUNNING']]);
  expect(shown(proposed(facts, { states }).lines)).toEqual(
    expect.arrayContaining([
      'jobs.columns.id: ["SCHED_NAME","TRIGGER_NAME"]',
      '? jobs.columns.name: JOB_NAME',
      '? jobs.columns.startTime: {"column":"START_TIME","codec":"epochMillis"}',
      '? jobs.columns.endTime: {"column":"END_TIME","codec":"epochSeconds","unset":[0]}',
      'jobs.states.RUNNING: ACQUIRED',
    ]),
  );
});

test('19: a start for want of a better one', () => {
  const facts = factsOf('mysql', {
    wp_actionscheduler_actions: {
      columns:
        'action_id bigint, hook text, status text, scheduled_date_gmt datetime, last_attempt_gmt datetime, claim_id bigint',
      values: { status: { complete: 3000 } },
    },
    wp_actionscheduler_logs: { columns: 'log_id bigint, action_id bigint, message text, log_date_gmt datetime' },
  });
  expect(shown(proposed(facts).lines)).toEqual([
    '? jobs.table: wp_actionscheduler_actions',
    'jobs.columns.id: action_id',
    '? jobs.columns.name: hook',
    '? jobs.columns.state: status',
    '? jobs.columns.startTime: {"column":"last_attempt_gmt","codec":"utcDateTime"}',
    'jobs.columns.endTime: null',
    'jobs.columns.errorMsg: null',
    'jobs.columns.exitCode: null',
    '? jobs.states.RUNNING: running',
    '? jobs.states.COMPLETED: complete',
    '? jobs.states.FAILED: failed',
    'allocations: null',
  ]);
});
