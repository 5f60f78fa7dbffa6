import { columnsIn, linksIn } from '../driver/condition.js';
import type { Condition, Table } from '../driver/table.js';
import { withNested } from '../schema/resolve-dependents.js';
import type { TimeColumn } from '../schema/time-column.js';
import type { SetValue } from '../schema/written.js';
import type { StrategyName } from '../strategies/names.js';
import { type Rule, ruleName } from '../strategies/rule.js';
import { groupColumn } from './group-column.js';
import { hangingOn } from './hanging.js';
import type { AgeRule } from './limits.js';
import type { Mapped, TouchedColumns } from './mapped.js';
import { type Requeue, requeueOf } from './requeue.js';

/** What a strategy does with the rows of one table: what a user has to be allowed. */
export interface TableUse {
  readonly table: Table;
  readonly reads: readonly string[];
  /** Columns that it changes; none where it changes none. */
  readonly writes: readonly string[];
  readonly deletes: boolean;
  /** Whether it copies whole rows out of it. Absent: it does not. */
  readonly copies?: boolean | undefined;
  /** Whether it adds rows. Absent: it does not. */
  readonly inserts?: boolean | undefined;
  /**
   * How it locks rows, where it does. `column` may be writable for the sake of that, since nothing depends on it. `isRelied`:
   * it does not change them, so that it raises their fence where locks are found at the commit.
   */
  readonly holds: { readonly column: string; readonly isRelied: boolean } | null;
}

const JOBS: Readonly<Record<StrategyName, 'reliesOn' | 'fails' | 'deletes' | 'looksUp'>> = {
  completed_job_cleanup: 'reliesOn',
  stale_reservation_cleanup: 'fails',
  stuck_job_cleanup: 'fails',
  old_job_cleanup: 'deletes',
  orphaned_allocation_cleanup: 'looksUp',
  waiting_job_cleanup: 'fails',
};

/** The limits that jobs may have of their own. */
const LIMITS: Readonly<Partial<Record<StrategyName, AgeRule>>> = {
  stale_reservation_cleanup: 'staleReservationMinutes',
  stuck_job_cleanup: 'stuckHours',
  old_job_cleanup: 'oldDays',
};

/** What a strategy does, table by table, by what its queries and guarded writes name. A rule for its name tells more. */
export function usesOf(mapped: Mapped, rule: StrategyName | Rule): TableUse[] {
  const strategy = ruleName(rule);
  const how = JOBS[strategy];
  const requeue = requeueOf(mapped, rule);
  const uses = [
    jobsUse(mapped, how, LIMITS[strategy], requeue),
    ...(mapped.hasAllocations ? [allocationsUse(mapped, how === 'deletes'), ...betweenUse(mapped)] : []),
    ...lookedInto(mapped.filters.scope, mapped.filters.exclude),
    ...(how === 'deletes' ? [...lookedInto(mapped.dependents.keep), ...dependentsUse(mapped)] : []),
    ...(strategy === 'stuck_job_cleanup' || requeue !== undefined ? signUse(mapped.filters) : []),
  ];
  return how === 'deletes' ? uses.flatMap((use) => withArchive(mapped, use)) : uses;
}

/** The same with where what is deleted is kept: all of it, and an earlier row of the same key makes way with what hung on it. */
function withArchive(mapped: Mapped, use: TableUse): TableUse[] {
  const archive = use.deletes ? mapped.archiveOf(use.table) : undefined;
  if (archive === undefined) return [use];
  const { rows: table, within } = archive;
  const links = withNested(hangingOn(mapped))
    .filter(({ link }) => link.to === use.table)
    .flatMap(({ link }) => table.borrowed?.on.map(([own]) => own) ?? link.on.map(([, column]) => column));
  const reads = [...table.key, ...links, ...columnsIn(within)];
  const [column] = links;
  const holds = column === undefined ? null : { column, isRelied: false };
  return [
    { ...use, copies: true },
    { table, reads, writes: [], inserts: true, deletes: true, holds },
  ];
}

/** The tables whose rows go before a job. */
function dependentsUse({ dependents }: Mapped): TableUse[] {
  return withNested(dependents.delete).map(({ link: { to, on } }) => {
    const links = on.map(([, column]) => column);
    return {
      table: to,
      reads: [...to.key, ...links],
      writes: [],
      deletes: true,
      holds: { column: links[0] ?? '', isRelied: false },
    };
  });
}

/** The tables that conditions look into. */
function lookedInto(...conditions: readonly Condition[]): TableUse[] {
  return conditions.flatMap(linksIn).map(({ exists: { to }, where }) => ({
    table: to,
    reads: [...to.key, ...columnsIn(where)],
    writes: [],
    deletes: false,
    holds: null,
  }));
}

function signUse({ sign }: Mapped['filters']): TableUse[] {
  if (sign === null) return [];
  const { to: table } = sign.link;
  return [{ table, reads: [...table.key, sign.time.column], writes: [], deletes: false, holds: null }];
}

function jobsUse(
  mapped: Mapped,
  how: (typeof JOBS)[StrategyName],
  limit: AgeRule | undefined,
  requeue: Requeue | undefined,
): TableUse {
  const { jobs, filters } = mapped;
  const { id, name, startTime, createdTime, endTime, errorMsg, exitCode } = jobs.columns;
  const texts = [errorMsg, exitCode].filter((column) => column !== null);
  const times = [startTime, createdTime, ...endTime, filters.ageColumn, filters.ageFrom];
  const ends = jobs.writtenEnd === null ? [] : [jobs.writtenEnd.column];
  const failed = jobs.states.set('FAILED');
  const told = Object.keys(failed);
  const { written: givenBack = [] } = requeue ?? {};
  const limited = filters.limitFor.flatMap(({ column, ...ages }) =>
    column === null || limit === undefined || ages[limit].size === 0 ? [] : [column],
  );
  const group = how === 'deletes' ? groupColumn(mapped) : null;
  const grouped = group === null ? [] : [group];
  const filtered = [...[filters.scope, filters.exclude].flatMap(columnsIn), ...limited, ...grouped];
  const fails = how === 'fails';
  return {
    table: jobs.rows,
    reads:
      how === 'looksUp'
        ? id
        : [
            ...[...id, name, ...jobs.states.columns, ...filtered],
            ...times.flatMap((time) => time?.column ?? []),
            // Failed jobs are read as they are then. To raise a number is to read it.
            ...(fails ? [...texts, ...jobs.touched.increment, ...raisedBy(failed)] : []),
            ...givenBack.flatMap(({ column, isRead }) => (isRead ? [column] : [])),
          ],
    writes: fails
      ? [...told, ...ends, ...texts, ...touchedBy(jobs.touched), ...givenBack.map(({ column }) => column)]
      : [],
    deletes: how === 'deletes',
    holds: { column: texts[0] ?? ends[0] ?? told[0] ?? name, isRelied: how === 'reliesOn' },
  };
}

function allocationsUse({ allocations }: Mapped, deletes: boolean): TableUse {
  const { id, jobId, releasedTime, resource } = allocations.columns;
  const { heldSince, statuses, touched } = allocations;
  const set = statuses.set('RELEASED');
  const told = Object.keys(set);
  const released = releasedTime === null ? [] : [releasedTime.column];
  return {
    table: allocations.rows,
    reads: [
      ...[...id, ...jobId, ...statuses.columns, ...heldSince.map(({ column }) => column)],
      ...(deletes ? [] : [...released, ...resource, ...touched.increment, ...raisedBy(set)]),
    ],
    writes: deletes ? [] : [...told, ...released, ...touchedBy(touched)],
    deletes,
    holds: { column: released[0] ?? told[0] ?? jobId[0] ?? '', isRelied: false },
  };
}

/** The table between allocations and jobs. */
function betweenUse({ allocations: { between: table, via } }: Mapped): TableUse[] {
  if (table === null || via === null) return [];
  return [{ table, reads: [...table.key, ...via.jobId], writes: [], deletes: false, holds: null }];
}

const raisedBy = (set: Readonly<Record<string, SetValue>>): string[] =>
  Object.entries(set).flatMap(([column, value]) => ('increment' in value ? [column] : []));

const touchedBy = ({ now, increment }: TouchedColumns): string[] => [
  ...now.map(({ column }: TimeColumn) => column),
  ...increment,
];
