import type { JobState, ResourceStatus } from '@jobsweep/core';
import { describe } from 'vitest';
import { TABLES } from '../support/cluster.js';
import { describeLayout } from '../support/layout.js';

const JOB_NUMBERS = { PENDING: 0, RUNNING: 1, COMPLETED: 2, FAILED: 3, CANCELLED: 4 };
const STATUS_NUMBERS = { RESERVED: 0, ALLOCATED: 1, RELEASED: -1 };
const columnsOfType = (type: string) =>
  TABLES.replace('state text', `state ${type}`).replace('status text', `status ${type}`);

describe('states', () => {
  describe.each(['smallint', 'numeric', 'text'])('as numbers in a column of type %s', (type) => {
    describeLayout('on every table', {
      tables: columnsOfType(type),
      schema: { jobs: { states: JOB_NUMBERS }, allocations: { statuses: STATUS_NUMBERS } },
      state: (state: JobState) => JOB_NUMBERS[state],
      status: (status: ResourceStatus) => STATUS_NUMBERS[status],
    });
  });

  describeLayout('as values of an enum', {
    tables: `create type job_state as enum ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');
      create type resource_status as enum ('RESERVED', 'ALLOCATED', 'RELEASED');
      ${TABLES.replace('state text', 'state job_state').replace('status text', 'status resource_status')}`,
  });

  describeLayout('as texts of a fixed length, padded with spaces', {
    tables: columnsOfType('char(12)'),
    state: (state) => state.padEnd(12),
    status: (status) => status.padEnd(12),
  });

  describeLayout('as lower-case words', {
    schema: {
      jobs: {
        states: {
          PENDING: 'pending',
          RUNNING: 'running',
          COMPLETED: 'completed',
          FAILED: 'failed',
          CANCELLED: 'cancelled',
        },
      },
      allocations: { statuses: { RESERVED: 'reserved', ALLOCATED: 'allocated', RELEASED: 'released' } },
    },
    state: (state) => state.toLowerCase(),
    status: (status) => status.toLowerCase(),
  });
});
