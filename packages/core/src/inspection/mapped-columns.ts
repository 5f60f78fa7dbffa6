import { type Condition, columnsIn, linksIn } from '../driver/condition.js';
import type { Table } from '../driver/table.js';
import type { Mapped } from '../rules/mapped.js';
import { requeueOf } from '../rules/requeue.js';
import { withNested } from '../schema/resolve-dependents.js';
import type { States } from '../schema/states.js';
import type { TimeColumn } from '../schema/time-column.js';
import type { SetValue } from '../schema/written.js';
import type { StrategyName } from '../strategies/names.js';
import type { Rule } from '../strategies/rule.js';
import type { ColumnKind } from './column-kind.js';

/** A column that an option names, with what is written to it where that is a time or a text. */
export interface MappedColumn {
  /** Where it is named, as `SchemaFinding` has it. */
  readonly path: string;
  readonly column: string;
  readonly kind?: ColumnKind;
  /** The same of a time, with all that is said of it. */
  readonly time?: TimeColumn;
  readonly isWritten?: boolean;
  /** Whether it is counted up. */
  readonly isCount?: boolean;
  /** The strategy whose own option names it. Absent: the mapping does. */
  readonly strategy?: StrategyName;
}

/** A table with everything that options say of it. */
export interface MappedTable {
  /** What it holds; `dependents`: rows that go before their job; `archive`: deleted rows; `other`: rows that conditions look up. */
  readonly name: 'jobs' | 'allocations' | 'dependents' | 'archive' | 'other';
  /** Where it is named, as a path into the options of the store. */
  readonly path: string;
  /** Where its key is named. Absent: nothing is written there. */
  readonly idPath?: string;
  readonly table: Table;
  readonly columns: readonly MappedColumn[];
}

/**
 * The tables of a mapping, with the columns that its options name.
 *
 * @param rules of strategies, whose options may name more of them.
 */
export function mappedTables(mapped: Mapped, rules: readonly Rule[] = []): MappedTable[] {
  const { jobs } = mapped;
  const ofMapping = [
    ...columnsOf('jobs', jobs.columns, jobs.states, jobs),
    ...stateColumns(jobs.states),
    ...filterColumns(mapped),
    ...touchedColumns('jobs', mapped),
  ];
  const ofJobs = withColumnsOf(rules, mapped, ofMapping);
  const tables: MappedTable[] = [
    { name: 'jobs', path: 'schema.jobs.table', idPath: 'schema.jobs.columns.id', table: jobs.rows, columns: ofJobs },
  ];
  if (mapped.hasAllocations) {
    const { rows: table, columns: own, statuses } = mapped.allocations;
    const columns = [
      ...columnsOf('allocations', own, mapped.allocations.statuses),
      ...stateColumns(statuses),
      ...touchedColumns('allocations', mapped),
    ];
    const [path, idPath] = ['schema.allocations.table', 'schema.allocations.columns.id'];
    tables.push({ name: 'allocations', path, idPath, table, columns }, ...between(mapped));
  }
  return [...tables, ...dependentTables(mapped), ...archiveTables(mapped), ...lookedInto(mapped), ...signs(mapped)];
}

/** Where deleted rows are kept. Their columns are those of the tables that they were in, whatever these are. */
function archiveTables({ archives }: Mapped): MappedTable[] {
  return archives.map(({ path, rows }) => ({ name: 'archive', path, idPath: path, table: rows, columns: [] }));
}

/** The table between allocations and jobs, of which an allocation names one row and no more. */
function between({ allocations: { between: table, via } }: Mapped): MappedTable[] {
  if (table === null || via === null) return [];
  const path = 'schema.allocations.via';
  const columns = [
    ...table.key.map((column) => ({ path: `${path}.key`, column })),
    ...via.jobId.map((column) => ({ path: `${path}.jobId`, column })),
  ];
  return [{ name: 'other', path: `${path}.table`, idPath: `${path}.key`, table, columns }];
}

/** The tables whose rows go before a job. */
function dependentTables({ dependents }: Mapped): MappedTable[] {
  return withNested(dependents.delete).map(({ path, link: { to: table, on } }) => {
    const columns = [
      ...table.key.map((column) => ({ path: `${path}.id`, column })),
      ...on.map(([, column]) => ({ path: `${path}.key`, column })),
    ];
    return { name: 'dependents', path: `${path}.table`, idPath: `${path}.id`, table, columns };
  });
}

/** The tables that conditions look into. */
function lookedInto({ filters, dependents }: Mapped): MappedTable[] {
  const options = [
    { path: 'filters.scope.exists', condition: filters.scope },
    { path: 'filters.exclude.exists', condition: filters.exclude },
    { path: 'schema.dependents.keep', condition: dependents.keep },
  ];
  return options.flatMap(({ path, condition }) =>
    linksIn(condition).map(({ exists: { to: table }, where }): MappedTable => {
      const columns = [
        ...table.key.map((column) => ({ path: `${path}.key`, column })),
        ...[...new Set(columnsIn(where))].map((column) => ({ path: `${path}.where.${column}`, column })),
      ];
      return { name: 'other', path: `${path}.table`, table, columns };
    }),
  );
}

/** The table of signs of life. */
function signs({ filters: { sign } }: Mapped): MappedTable[] {
  if (sign === null) return [];
  const { to: table } = sign.link;
  const path = 'filters.ageColumn';
  const keys = table.key.map((column) => ({ path: `${path}.key`, column }));
  return [{ name: 'other', path: `${path}.table`, table, columns: [...keys, timeAt(`${path}.column`, sign.time)] }];
}

/** The same with the columns of jobs that rules write: those of the mapping, and others. */
function withColumnsOf(rules: readonly Rule[], mapped: Mapped, known: readonly MappedColumn[]): MappedColumn[] {
  const written = rules.flatMap((rule) =>
    (requeueOf(mapped, rule)?.written ?? []).map(({ option, column, time }): MappedColumn => {
      const path = option === null ? `schema.jobs.states: ${column}` : `${rule.name}.requeue.${option}`;
      const holds = time ? timeAt(path, time) : option === null ? {} : ({ kind: 'number', isCount: true } as const);
      return { path, column, isWritten: true, strategy: rule.name, ...holds };
    }),
  );
  const isKnown = new Set(known.map(({ column }) => column));
  const isWritten = new Set(written.map(({ column }) => column));
  return [
    ...known.map((each) => (isWritten.has(each.column) ? { ...each, isWritten: true } : each)),
    ...written.filter(({ column }) => !isKnown.has(column)),
  ];
}

/** What is written beside a state. */
const WRITTEN = ['errorMsg', 'exitCode', 'releasedTime'];

type Columns = Readonly<Record<string, Named | readonly Named[] | null>>;
type Named = string | TimeColumn;

/** What is written of a job that fails. */
type Failing = Pick<Mapped['jobs'], 'said' | 'writtenEnd'>;

function columnsOf<State extends string>(
  name: string,
  columns: Columns,
  states: States<State>,
  { said, writtenEnd }: Partial<Failing> = {},
): MappedColumn[] {
  const { state } = states.place.written;
  const canWrite = states.canWrite(state);
  const told = Object.keys(states.set(state));
  return Object.entries(columns).flatMap(([key, column]): MappedColumn[] => {
    const path = `schema.${name}.columns.${key}`;
    const isBeside = canWrite && WRITTEN.includes(key);
    if (column === null) return [];
    const named = (at: string, each: Named): MappedColumn => {
      if (typeof each !== 'string')
        return { ...timeAt(at, each), isWritten: key === 'endTime' ? canWrite && each === writtenEnd : isBeside };
      const isWritten = isBeside || told.includes(each);
      return { path: at, column: each, isWritten, ...(isWritten && kindOf(said?.[each])) };
    };
    if (isList(column)) {
      const isTold = column.length > 1 && key === 'endTime';
      return column.map((each, index) => named(isTold ? `${path}[${index}]` : path, each));
    }
    return [named(path, column)];
  });
}

/** What a column has to hold for what is written into it. */
function kindOf(value: SetValue | undefined): { readonly kind?: ColumnKind } {
  if (value === undefined) return {};
  return { kind: 'json' in value ? 'json' : 'number' in value ? 'number' : 'text' };
}

const isList = (column: Columns[string]): column is readonly Named[] => Array.isArray(column);

const timeAt = (path: string, time: TimeColumn): MappedColumn => ({
  ...{ path, column: time.column, time },
  kind: time.zone === undefined ? time.codec : 'localDateTime',
});

function filterColumns({ filters }: Mapped): MappedColumn[] {
  const { per } = filters.keepNewest ?? {};
  const named = (option: string, condition: Condition): MappedColumn[] =>
    [...new Set(columnsIn(condition))].map((column) => ({ path: `${option}.${column}`, column }));
  return [
    ...named('filters.scope', filters.scope),
    ...named('filters.exclude', filters.exclude),
    ...(typeof per === 'object' ? [{ path: 'filters.keepNewest.per.column', column: per.column }] : []),
    ...filters.limitFor.flatMap(({ path, column }) => (column === null ? [] : [{ path: `${path}.column`, column }])),
    ...(['ageColumn', 'ageFrom'] as const).flatMap((name): MappedColumn[] => {
      const time = filters[name];
      return time === null ? [] : [timeAt(`filters.${name}`, time)];
    }),
  ];
}

/** The columns besides the mapped one that conditions of states name, and those that are written for one. */
function stateColumns<State extends string>(states: States<State>): MappedColumn[] {
  const { path, column: mapped, written } = states.place;
  const writes = Object.keys(states.set(written.state));
  return [...new Set([...states.columns, ...writes])]
    .filter((column) => column !== mapped)
    .map((column) => ({ path: `${path}: ${column}`, column, isWritten: writes.includes(column) }));
}

function touchedColumns(name: 'jobs' | 'allocations', mapped: Mapped): MappedColumn[] {
  const { now, increment } = mapped[name].touched;
  const at = (key: string, index: number) => ({ path: `touch.${name}.${key}[${index}]`, isWritten: true });
  return [
    ...now.map((time, index) => ({ ...timeAt('', time), ...at('now', index) })),
    ...increment.map((column, index) => ({
      ...at('increment', index),
      ...({ column, kind: 'number', isCount: true } as const),
    })),
  ];
}
