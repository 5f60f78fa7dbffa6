import { allOf, type Condition, EVERY } from '../driver/condition.js';
import type { Exact } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import { checkedAtMost, requireRows } from '../paging.js';
import type { Context } from '../protocol/context.js';
import type { StateCodec } from '../schema/states.js';
import type { UnknownState, UnknownStatesOptions } from './diagnosis.js';

/** Values that are told of at most: a column with more of them holds no states. */
const MAX_VALUES = 1000;

/** The rows whose values of a state column are asked for. */
export interface StateColumn {
  readonly table: Table;
  readonly column: string;
  /** Those that the filters let through. */
  readonly where: Condition;
  /** Of the rows with the greatest keys, so many. `undefined`: of all. */
  readonly newest: number | undefined;
  /** Values at most, the most frequent first. */
  readonly limit: number;
}

/** What a state column holds. */
export interface StateValues {
  /** Each value, to the letter, and how many rows have it. */
  readonly counted: readonly { readonly value: Exact; readonly rows: number }[];
  /** What else its type could hold, where that says so. */
  readonly members: readonly string[];
}

/**
 * For adapters: the values of state columns that nobody mapped, the most frequent first, and then those that no row has but
 * its type allows.
 *
 * Rejects with `INVALID_OPTION` for a bound out of its range.
 *
 * @param look asks the database, in a transaction of its own.
 */
export async function unknownStates(
  { mapped, rules, values }: Pick<Context, 'mapped' | 'rules' | 'values'>,
  options: UnknownStatesOptions,
  look: (asked: StateColumn) => Promise<StateValues>,
): Promise<UnknownState[]> {
  const { newest } = options;
  const atMost = checkedAtMost(options.atMost);
  requireRows('newest', newest);
  const unknownIn = async (
    name: UnknownState['table'],
    codec: StateCodec<string>,
    asked: Omit<StateColumn, 'newest' | 'limit'>,
  ): Promise<UnknownState[]> => {
    const { counted, members } = await look({ ...asked, newest, limit: MAX_VALUES });
    const isUsed = (member: string) => counted.some(({ value }) => value !== null && values.shown(value) === member);
    return [
      ...counted.flatMap(({ value, rows }) => {
        if (values.known(codec, value) !== undefined) return [];
        return { table: name, value: value === null ? null : values.shown(value), rows: Math.min(rows, atMost) };
      }),
      ...members.flatMap((value) =>
        isUsed(value) || codec.known(value) !== undefined ? [] : { table: name, value, rows: 0 },
      ),
    ];
  };
  const { jobs } = mapped;
  const covered = rules.isCovered();
  const ofJobs = await unknownIn('jobs', jobs.states, { table: jobs.rows, column: jobs.columns.state, where: covered });
  if (!mapped.hasAllocations) return ofJobs;
  const { rows: table, columns, statuses } = mapped.allocations;
  const isOfCovered = 'all' in covered && covered.all.length === 0 ? EVERY : rules.ofJob(covered);
  const where = allOf(table.own ?? EVERY, isOfCovered);
  return [...ofJobs, ...(await unknownIn('allocations', statuses, { table, column: columns.status, where }))];
}
