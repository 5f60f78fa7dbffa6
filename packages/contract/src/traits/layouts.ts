import type { SchemaOptions, TimeCodec } from '@jobsweep/core';
import { describe } from 'vitest';
import type { ContractSubject } from '../cluster.js';
import { keysAs, timesOf } from '../support/layouts.js';
import { capabilitiesOf } from '../support/under-test.js';
import { describeLayout } from './layout.js';
import { describeOrphanedAllocations } from './orphaned-allocations.js';
import { describeQueuedAnew } from './queued-anew.js';
import { describeSeveralRawStates } from './several-raw-states.js';
import { describeTablesOfJobsAlone } from './tables-of-jobs-alone.js';
import { describeUnsetTimes } from './unset-times.js';
import { describeWaitingJobs } from './waiting-jobs.js';

/** The same rules on tables of other kinds. A subject that maps nothing has its own tables only. */
export function describeLayouts<Session extends object>(subject: ContractSubject<Session>): void {
  const { mapping, createdTime } = capabilitiesOf(subject);
  if (mapping === false && !createdTime) return;
  describe('tables', () => {
    if (mapping !== false) describeMapped(subject, mapping);
    if (createdTime) describeWaitingJobs(subject);
  });
}

function describeMapped<Session extends object>(subject: ContractSubject<Session>, codecs: readonly TimeCodec[]): void {
  for (const kind of capabilitiesOf(subject).ids) {
    describeLayout(subject, `with ids of the kind "${kind}"`, { ids: kind, schema: keysAs(kind) });
  }

  for (const codec of codecs) {
    describeLayout(subject, `with times as ${codec}`, { schema: timesOf(codec) });
    describeUnsetTimes(subject, codec);
  }

  describeLayout(subject, 'with states as numbers', { schema: NUMBERED });
  describeLayout(subject, 'with names that are words of SQL, or hold spaces, quotes and whatever else', {
    schema: NAMED,
  });
  describeLayout(subject, 'without a column for the error message and for the exit code', {
    schema: { jobs: { columns: { errorMsg: null, exitCode: null } } },
  });
  describeSeveralRawStates(subject);
  describeTablesOfJobsAlone(subject);
  describeOrphanedAllocations(subject);
  describeQueuedAnew(subject);
}

const NUMBERED: SchemaOptions = {
  jobs: { states: { PENDING: 0, RUNNING: 1, COMPLETED: 2, FAILED: 3, CANCELLED: 4 } },
  allocations: { statuses: { RESERVED: 0, ALLOCATED: 1, RELEASED: -1 } },
};

/** Libraries read some of these as more than a name: as an alias, a path, or the place of a value. */
const NAMED: SchemaOptions = {
  jobs: {
    table: 'Jobs as "j".old?',
    columns: {
      name: 'select',
      state: 'STATE as is',
      startTime: 'from `here`',
      endTime: 'to "there" ??',
      errorMsg: 'größe ?',
      exitCode: '退出',
    },
  },
  allocations: {
    table: "user's table",
    columns: { jobId: 'group', status: 'case', allocationTime: 'a:b', releasedTime: '{c}' },
  },
};
