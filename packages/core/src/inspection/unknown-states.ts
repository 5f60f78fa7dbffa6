import { allOf, anyOf, EVERY, isEvery, NONE, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { checkedAtMost, requireRows } from '../paging.js';
import type { Context } from '../protocol/context.js';
import type { States } from '../schema/states.js';
import type { StateColumn } from './catalog.js';
import type { UnknownState, UnknownStatesOptions } from './diagnosis.js';
import type { Look } from './look.js';

/** Values that are told of at most: a column with more of them holds no states. */
const MAX_VALUES = 1000;
const MEETS = 'meets';

/** Asks a question of the tables, in a transaction of its own that only reads. */
type Ask = <Answer>(question: (tx: Pick<Tx, 'count' | 'page'>) => Promise<Answer>) => Promise<Answer>;

/** The states of one table. */
interface AskedStates extends Pick<StateColumn, 'table' | 'where'> {
  readonly name: UnknownState['table'];
  readonly states: States<string>;
}

/**
 * The values of state columns that nobody mapped, the most frequent first, and then those that no row has but its type
 * allows. Where conditions tell the states: how many rows meet none of them, or several. Rejects with `INVALID_OPTION` for a
 * bound out of its range.
 */
export async function unknownStates(
  { mapped, rules, values }: Pick<Context, 'mapped' | 'rules' | 'values'>,
  options: UnknownStatesOptions,
  look: Look,
  ask: Ask,
): Promise<UnknownState[]> {
  const { newest } = options;
  const atMost = checkedAtMost(options.atMost);
  requireRows('newest', newest);
  const { jobs } = mapped;
  const covered = rules.isCovered();
  const asked: AskedStates[] = [{ name: 'jobs', states: jobs.states, table: jobs.rows, where: covered }];
  if (mapped.hasAllocations) {
    const { rows: table, statuses } = mapped.allocations;
    const where = allOf(table.own ?? EVERY, isEvery(covered) ? EVERY : rules.ofJob(covered));
    asked.push({ name: 'allocations', states: statuses, table, where });
  }
  const found: UnknownState[] = [];
  for (const each of asked) {
    const bounds = { newest, atMost };
    found.push(...(each.states.isPlain ? await unmapped(each, values, bounds, look) : await untold(each, bounds, ask)));
  }
  return found;
}

interface StateBounds {
  readonly newest: number | undefined;
  readonly atMost: number;
}

/** Values that mean no state. */
async function unmapped(
  { name, states, table, where }: AskedStates,
  values: Context['values'],
  { newest, atMost }: StateBounds,
  { catalog, facts }: Look,
): Promise<UnknownState[]> {
  const { column } = states.place;
  const counted = await catalog.values({ table, column, where, newest, limit: MAX_VALUES });
  const { members = [] } = (await facts(table))?.columns?.get(column) ?? {};
  const isUsed = (member: string) => counted.some(({ value }) => value !== null && values.shown(value) === member);
  return [
    ...counted.flatMap(({ value, rows }) => {
      if (values.known(states, value) !== undefined) return [];
      return { table: name, value: value === null ? null : values.shown(value), rows: Math.min(rows, atMost) };
    }),
    ...members.flatMap((value) =>
      isUsed(value) || states.known(value) !== undefined ? [] : { table: name, value, rows: 0 },
    ),
  ];
}

/** Rows whose state no condition tells, or several do. */
async function untold(
  { name, states, table, where }: AskedStates,
  { newest, atMost }: StateBounds,
  ask: Ask,
): Promise<UnknownState[]> {
  const ambiguous = states.ambiguous ?? NONE;
  const none = not(anyOf(states.in(...states.place.known), ambiguous));
  const labels = {
    [MEETS]: [
      { label: 'several', when: ambiguous },
      { label: 'none', when: none },
    ],
  };
  const rows = async (tx: Pick<Tx, 'count' | 'page'>) => {
    if (newest === undefined) {
      const queries = [none, ambiguous].map((each) => ({ table, where: allOf(where, each), atMost }));
      return (await tx.count(...queries)).map(({ rows }) => rows);
    }
    const page = await tx.page({ table, where, columns: [], labels, descending: true, limit: newest });
    return ['none', 'several'].map((label) => page.filter((row) => row.labels?.[MEETS] === label).length);
  };
  const [ofNone = 0, ofSeveral = 0] = await ask(rows);
  return [
    ...(ofNone > 0 ? [{ table: name, meets: 'none', rows: ofNone } as const] : []),
    ...(ofSeveral > 0 ? [{ table: name, meets: 'several', rows: ofSeveral } as const] : []),
  ];
}
