import { linksIn, partsOf } from '../driver/condition.js';
import type { Condition, Link, Table } from '../driver/table.js';
import { FINISHED_JOB_STATES, UNRELEASED_RESOURCE_STATUSES } from '../model.js';
import type { ColumnValue } from '../schema/conditions.js';
import { withNested } from '../schema/resolve-dependents.js';
import type { Sign } from '../schema/sign.js';
import type { TimeColumn } from '../schema/time-column.js';
import type { StrategyName } from '../strategies/names.js';
import { groupColumn } from './group-column.js';
import type { Mapped } from './mapped.js';

/** An index that some strategies look for rows in. */
export interface WantedIndex {
  /** What its rows are, for a name. */
  readonly rows: string;
  readonly table: Table;
  /** It is needed for the rows alone whose state is one of these. */
  readonly only: { readonly column: string; readonly values: readonly ColumnValue[] } | null;
  /** The columns by which these rows are read, in order. */
  readonly order: readonly string[];
  readonly strategies: readonly StrategyName[];
}

/** Strategies that look for what a job has. */
const OF_JOBS: readonly StrategyName[] = [
  'stale_reservation_cleanup',
  'stuck_job_cleanup',
  'old_job_cleanup',
  'waiting_job_cleanup',
];

/**
 * The indexes that strategies look for due rows and their allocations in.
 *
 * @param isSilent whether stuck jobs have to be silent besides, and so are looked for by their start.
 */
export function wantedIndexes(mapped: Mapped, isSilent = false): WantedIndex[] {
  const { dependents } = mapped;
  const links = [
    ...withNested(dependents.delete).map(({ link }) => link),
    ...linksIn(dependents.keep).map(({ exists }) => exists),
  ];
  return [...ofStates(mapped, isSilent), ...links.map(ofParent)];
}

/** Before a row is deleted, those that hang on it are, and those that keep it are looked for. */
const ofParent = ({ to: table, on }: Link): WantedIndex => ({
  ...{ rows: 'parent', table, only: null, order: on.map(([, column]) => column), strategies: ['old_job_cleanup'] },
});

function ofStates(mapped: Mapped, isSilent: boolean): WantedIndex[] {
  const { jobs, filters, retentionTime } = mapped;
  const { startTime } = jobs.columns;
  const ageTime = isSilent ? startTime : (filters.ageColumn ?? startTime);
  const { id } = jobs.columns;
  const ofJobs: WantedIndex[] = [
    {
      rows: 'running',
      table: jobs.rows,
      only: valuesIn(jobs.states.in('RUNNING')),
      order: [ageTime.column, ...id],
      strategies: ['stuck_job_cleanup'],
    },
    ...(filters.sign === null ? [] : [signsOf(filters.sign)]),
    ...(jobs.columns.createdTime === null ? [] : [waitingIndex(jobs, jobs.columns.createdTime)]),
    ...retentionTime.map(
      ({ column }, index): WantedIndex => ({
        rows: index === 0 ? 'finished' : `finished_${column}`,
        table: jobs.rows,
        only: valuesIn(jobs.states.in(...FINISHED_JOB_STATES)),
        order: [column, ...id],
        strategies: ['old_job_cleanup'],
      }),
    ),
  ];
  const group = groupColumn(mapped);
  const [time] = retentionTime;
  if (group !== null && time !== undefined)
    ofJobs.push({
      // Without the state: of each group the newest rows come one after the other.
      rows: 'newest',
      table: jobs.rows,
      only: null,
      order: [group, time.column, ...id],
      strategies: ['old_job_cleanup'],
    });
  if (!mapped.hasAllocations) return ofJobs;
  const { between, columns, heldSince, statuses, rows: table, via } = mapped.allocations;
  return [
    {
      rows: 'unreleased',
      table,
      only: valuesIn(statuses.in(...UNRELEASED_RESOURCE_STATUSES)),
      order: columns.id,
      strategies: ['completed_job_cleanup', 'orphaned_allocation_cleanup'],
    },
    ...heldSince.map(
      ({ column }): WantedIndex => ({
        rows: 'reserved',
        table,
        only: valuesIn(statuses.in('RESERVED')),
        order: [column, ...columns.id],
        strategies: ['stale_reservation_cleanup'],
      }),
    ),
    ...ofJobs,
    {
      // Siblings, what a failed job holds, and what goes before its job when that is deleted.
      rows: 'job',
      table,
      only: null,
      order: columns.jobId,
      strategies: OF_JOBS,
    },
    ...(between === null || via === null
      ? []
      : [{ rows: 'job', table: between, only: null, order: via.jobId, strategies: OF_JOBS }]),
  ];
}

const waitingIndex = ({ rows: table, states, columns }: Mapped['jobs'], { column }: TimeColumn): WantedIndex => ({
  rows: 'waiting',
  table,
  only: valuesIn(states.in('PENDING')),
  order: [column, ...columns.id],
  strategies: ['waiting_job_cleanup'],
});

/** Signs of life by their job, the last one at the end. */
const signsOf = ({ link: { to: table }, time }: Sign): WantedIndex => ({
  rows: 'signs',
  table,
  only: null,
  order: [...table.key, time.column],
  strategies: ['stuck_job_cleanup'],
});

/**
 * The values of one column to which a condition narrows the rows, or NULL alone; `null`: it does not. NULL beside values would
 * be two ways into an index.
 */
function valuesIn(condition: Condition): WantedIndex['only'] {
  const parts = partsOf(condition).flatMap((each) => ('in' in each ? [each] : []));
  const part = parts.find((each) => !each.in.includes(null)) ?? parts.find((each) => each.in.length === 1);
  return part === undefined ? null : { column: part.column, values: part.in };
}
