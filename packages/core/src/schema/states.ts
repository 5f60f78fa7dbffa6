import { allOf, anyOf, type Condition, columnsIn, isIn, not } from '../driver/condition.js';
import type { Exact } from '../driver/exact.js';
import type { Label, Labels } from '../driver/row.js';
import { invalidSchema } from '../errors.js';
import type { ColumnValue } from './conditions.js';
import { areDisjoint } from './disjoint.js';
import type { RawState, StateInFull, StateOption, StatesOption, TimeCodec } from './mapping.js';
import { resolveCondition } from './resolve-condition.js';
import { afterWriting, type SetValue, setOf } from './written.js';

/** Where the states of a table are told. */
export interface StatesPlace<State extends string> {
  /** `schema.jobs.states`. */
  readonly path: string;
  /** All there are. */
  readonly known: readonly State[];
  /** Those without which nothing can be done. */
  readonly required: readonly State[];
  /** The column that holds the values of states which are told by a value alone. */
  readonly column: string;
  /** Of a time that is written where nothing else says how. */
  readonly codec: TimeCodec;
  readonly written: WrittenState<State>;
}

/** The state that repairs write. */
export interface WrittenState<State extends string> {
  readonly state: State;
  /** Those that a row is in before. */
  readonly from: readonly State[];
  /** Columns that get a value which is not NULL together with it. */
  readonly beside: readonly string[];
}

/** One state: what tells it from others, and what is written for it. */
interface Told {
  readonly when: Condition;
  /** `null`: it is never written. */
  readonly set: Readonly<Record<string, SetValue>> | null;
}

/** The label that tells the state of a row. */
export const STATE = 'state';

/**
 * The states that jobsweep knows, as conditions on the rows of a table. A row that meets the conditions of two is in neither:
 * nobody knows what it is.
 */
export class States<State extends string> {
  private readonly told = new Map<State, Told>();
  /** The state of each raw value, where the value of one column tells all of them. */
  private readonly byRaw: ReadonlyMap<string, State> | undefined;
  private readonly exclusive = new Map<State, Condition>();
  /** The columns that tell the states: asked of each row of a batch. */
  readonly columns: readonly string[];

  /**
   * Throws `INVALID_SCHEMA` when a state that is required is missing, when a raw value means two states, when a name is no
   * state, or when a row that gets what is written for a state would not be in that state alone.
   */
  constructor(
    readonly place: StatesPlace<State>,
    private readonly option: StatesOption<State> | undefined,
  ) {
    const { path, known, required } = place;
    const wrong = Object.keys(option ?? {}).find((name) => !known.includes(name as State));
    if (wrong !== undefined) throw invalidSchema(`${path}.${wrong} is no state`, `Use ${known.join(', ')}`);
    for (const state of known) {
      const given = option === undefined ? state : option[state];
      const told = given === undefined ? undefined : toldBy(`${path}.${state}`, place, given);
      if (told !== undefined) this.told.set(state, told);
    }
    const missing = required.find((state) => !this.told.has(state));
    if (missing !== undefined) {
      throw invalidSchema(`${path}.${missing} has no raw value`, 'Name the value the column holds for it');
    }
    this.columns = [...new Set([...this.told.values()].flatMap(({ when }) => columnsIn(when)))];
    this.byRaw = this.statesByRaw();
    for (const [state, { when }] of this.told) {
      const others = [...this.told].filter(([other, told]) => other !== state && !areDisjoint(when, told.when));
      const isOther = others.map(([, told]) => told.when);
      this.exclusive.set(state, others.length === 0 ? when : allOf(when, not(anyOf(...isOther))));
    }
    this.requireReached(place.written);
  }

  /** Whether the table has any of some states. */
  has(...states: readonly State[]): boolean {
    return states.some((state) => this.told.has(state));
  }

  /** Rows in any of some states. */
  in(...states: readonly State[]): Condition {
    const conditions = states.flatMap((state) => this.exclusive.get(state) ?? []);
    const [first, ...others] = conditions;
    if (first === undefined) return isIn(this.place.column, []);
    if (others.length === 0) return first;
    const lists = conditions.flatMap((each) => ('in' in each ? [each] : []));
    const [{ column } = { column: '' }] = lists;
    const isOneList = lists.length === conditions.length && lists.every((each) => each.column === column);
    return isOneList
      ? isIn(
          column,
          lists.flatMap((each) => each.in),
        )
      : anyOf(...conditions);
  }

  /** Rows that meet the conditions of several states; `undefined`: there can be none. */
  get ambiguous(): Condition | undefined {
    const conditions = [...this.told.values()].map(({ when }) => when);
    const pairs = conditions.flatMap((one, index) =>
      conditions.slice(index + 1).flatMap((other) => (areDisjoint(one, other) ? [] : [allOf(one, other)])),
    );
    return pairs.length === 0 ? undefined : anyOf(...pairs);
  }

  /** Whether rows can be brought into a state. */
  canWrite(state: State): boolean {
    return this.told.has(state) && this.told.get(state)?.set !== null;
  }

  /** Whether the mapping says in so many words what is written for a state. */
  saysWhatIsSet(state: State): boolean {
    const option = this.option?.[state];
    return isInFull(option) && option.set != null;
  }

  /** What is written for a state, by columns. */
  set(state: State): Readonly<Record<string, SetValue>> {
    return this.told.get(state)?.set ?? {};
  }

  /** Labels that tell the state of a row, where its value in one column does not. */
  get labels(): Labels | undefined {
    if (this.byRaw !== undefined) return undefined;
    return { [STATE]: [...this.exclusive].map(([label, when]): Label => ({ label, when })) };
  }

  /** Whether the value of one column tells all states. */
  get isPlain(): boolean {
    return this.byRaw !== undefined;
  }

  /** The known state of a raw value, compared exactly; `undefined` where nobody mapped it. */
  known(raw: RawState | null): State | undefined {
    return raw === null ? undefined : this.byRaw?.get(String(raw));
  }

  /** The raw values that mean any of some states. */
  rawOf(...states: readonly State[]): RawState[] {
    return states.flatMap((state) => {
      const when = this.told.get(state)?.when;
      return when !== undefined && 'in' in when && when.column === this.place.column ? when.in.filter(isRaw) : [];
    });
  }

  /** The raw value that is written for a state. */
  writtenFor(state: State): RawState {
    return this.rawOf(state)[0] ?? state;
  }

  /** Whether a row in one state is in it no more once another one is written. */
  isLeft(from: State, state: State): boolean {
    const [left, told] = [this.told.get(from), this.told.get(state)];
    if (left === undefined || told === undefined || told.set === null) return true;
    const beside = state === this.place.written.state ? this.place.written.beside : [];
    return afterWriting(told.set, beside).meets(left.when, true) === false;
  }

  private requireReached({ state, from, beside }: WrittenState<State>): void {
    const { path } = this.place;
    const told = this.told.get(state);
    if (told === undefined || told.set === null) return;
    const after = afterWriting(told.set, beside);
    if (after.meets(told.when) !== true) {
      const problem = `${path}.${state}.when does not hold for what is written for it`;
      throw invalidSchema(problem, `Say in ${path}.${state}.set what ${columnsIn(told.when).join(', ')} shall be`);
    }
    for (const other of from) {
      if (this.isLeft(other, state)) continue;
      const problem = `${path}.${other}.when holds for what is written for ${state} too`;
      throw invalidSchema(problem, `Tell them apart, or say in ${path}.${state}.set what makes the difference`);
    }
  }

  private statesByRaw(): ReadonlyMap<string, State> | undefined {
    const { path, column } = this.place;
    const byRaw = new Map<string, State>();
    let isPlain = true;
    for (const [state, { when }] of this.told) {
      const isValue = 'in' in when && when.column === column;
      if (!isValue || !when.in.every(isRaw)) isPlain = false;
      if (!isValue) continue;
      for (const value of when.in) {
        const other = byRaw.get(String(value));
        if (other === undefined) byRaw.set(String(value), state);
        // As with all conditions, a row that meets two is reported.
        else if ([state, other].some((each) => isInFull(this.option?.[each]))) isPlain = false;
        else throw invalidSchema(`${path} maps ${value} to ${other} and to ${state}`, 'Keep one of them');
      }
    }
    return isPlain ? byRaw : undefined;
  }
}

/** The state of a label, of a row that was read with labels. */
export const stateOfLabel = <State extends string>(label: Exact | undefined): State | undefined =>
  (label ?? undefined) as State | undefined;

const isRaw = (value: ColumnValue): value is RawState => typeof value === 'string' || typeof value === 'number';

const isInFull = (option: StateOption | undefined): option is StateInFull =>
  typeof option === 'object' && option !== null && !Array.isArray(option);

/** What an option tells of a state; nothing for an empty list, which is a state that the table does not have. */
function toldBy(
  path: string,
  { column, codec, written }: Pick<StatesPlace<string>, 'column' | 'codec' | 'written'>,
  option: StateOption,
): Told | undefined {
  const refuse = (at: string, value: unknown, fix: string) =>
    invalidSchema(`${at} is ${JSON.stringify(value)}`, fix.charAt(0).toUpperCase() + fix.slice(1));
  if (!isInFull(option)) {
    if (Array.isArray(option) && option.length === 0) return undefined;
    const when = resolveCondition(path, { [column]: option as ColumnValue }, { key: [], refuse });
    const [first = null] = 'in' in when ? when.in : [];
    return { when, set: { [column]: { value: first } } };
  }
  const wrong = Object.keys(option).find((word) => word !== 'when' && word !== 'set');
  if (wrong !== undefined) throw invalidSchema(`${path}.${wrong} is not an option`, 'Use when, set');
  const when = resolveCondition(`${path}.when`, option.when, { key: null, refuse });
  return {
    when,
    set: option.set === null ? null : setOf(`${path}.set`, option.set, { when, codec, beside: written.beside }),
  };
}
