import { allOf, EVERY } from '../driver/condition.js';
import { checkedAtMost, requireRows } from '../paging.js';
import type { Context } from '../protocol/context.js';
import type { StateCodec } from '../schema/states.js';
import type { StateColumn } from './catalog.js';
import type { UnknownState, UnknownStatesOptions } from './diagnosis.js';
import type { Look } from './look.js';

/** Values that are told of at most: a column with more of them holds no states. */
const MAX_VALUES = 1000;

/**
 * The values of state columns that nobody mapped, the most frequent first, and then those that no row has but its type
 * allows. Rejects with `INVALID_OPTION` for a bound out of its range.
 */
export async function unknownStates(
  { mapped, rules, values }: Pick<Context, 'mapped' | 'rules' | 'values'>,
  options: UnknownStatesOptions,
  { catalog, facts }: Look,
): Promise<UnknownState[]> {
  const { newest } = options;
  const atMost = checkedAtMost(options.atMost);
  requireRows('newest', newest);
  const unknownIn = async (
    name: UnknownState['table'],
    codec: StateCodec<string>,
    asked: Omit<StateColumn, 'newest' | 'limit'>,
  ): Promise<UnknownState[]> => {
    const counted = await catalog.values({ ...asked, newest, limit: MAX_VALUES });
    const { table, column } = asked;
    const { members = [] } = (await facts(table))?.columns?.get(column) ?? {};
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
