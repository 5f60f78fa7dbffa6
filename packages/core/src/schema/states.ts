import { invalidSchema } from '../errors.js';
import type { RawState, StatesOption } from './mapping.js';

/** Translates between the states jobsweep knows and the raw values of a column. */
export interface StateCodec<State extends string> {
  /** The raw values that mean any of `states`. */
  rawOf(...states: readonly State[]): RawState[];
  /** The raw value that is written for `state`. */
  writtenFor(state: State): RawState;
  /** The known state of a raw value, compared exactly; `undefined` where nobody mapped it. */
  known(raw: RawState | null): State | undefined;
}

/**
 * Builds the codec of one state column. Rejects with `INVALID_SCHEMA` when a state in `required` has no raw value,
 * when a raw value means two states, or when a name is no state.
 */
export function stateCodec<State extends string>(
  path: string,
  known: readonly State[],
  required: readonly State[],
  option: StatesOption<State> | undefined,
): StateCodec<State> {
  const rawByState = new Map<State, RawState[]>();
  for (const state of known) rawByState.set(state, option === undefined ? [state] : [option[state] ?? []].flat());

  const wrong = Object.keys(option ?? {}).find((name) => !known.includes(name as State));
  if (wrong !== undefined) throw invalidSchema(`${path}.${wrong} is no state`, `Use ${known.join(', ')}`);
  const missing = required.find((state) => rawByState.get(state)?.length === 0);
  if (missing !== undefined) {
    throw invalidSchema(`${path}.${missing} has no raw value`, 'Name the value the column holds for it');
  }

  const stateByRaw = new Map<string, State>();
  for (const [state, values] of rawByState) {
    for (const raw of values) {
      const other = stateByRaw.get(String(raw));
      if (other !== undefined)
        throw invalidSchema(`${path} maps ${raw} to ${other} and to ${state}`, 'Keep one of them');
      stateByRaw.set(String(raw), state);
    }
  }

  return {
    rawOf: (...states) => states.flatMap((state) => rawByState.get(state) ?? []),
    writtenFor: (state) => rawByState.get(state)?.[0] ?? state,
    known: (raw) => (raw === null ? undefined : stateByRaw.get(String(raw))),
  };
}
