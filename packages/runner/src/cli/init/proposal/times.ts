import type { SurveyedColumn, SurveyedValues, TimeColumnOption } from '@jobsweep/core';
import type { Reason } from './lines.js';

/** A time column as a config has it, and what says that it is kept so. */
export interface GuessedTime {
  readonly option: TimeColumnOption;
  readonly reason: Reason;
}

/** What is known of times beside the column itself. */
export interface TimeFacts {
  /** How the adapter takes a column that is given by its name alone. */
  readonly defaultCodec: 'instant' | 'utcDateTime';
  /** The zone of what has none, if somebody has said it; `undefined`: UTC. */
  readonly timeZone: string | undefined;
}

/** From here on a number of seconds is in the year 5138, and one of milliseconds in 1973. */
const SECONDS_END = 1e11;
/** The year 2000 in seconds: a smaller number counts something else. */
const SECONDS_BEGIN = 946_684_800;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|\+00:00)$/;

/** How a column keeps its times; `undefined`: it keeps none that could be mapped. */
export function guessTime(
  { name: column, type, holds }: SurveyedColumn,
  values: SurveyedValues | undefined,
  { defaultCodec, timeZone }: TimeFacts,
): GuessedTime | undefined {
  if (holds.includes('instant')) {
    const option = defaultCodec === 'instant' ? column : ({ column, codec: 'instant' } as const);
    return { option, reason: { kind: 'type', type } };
  }
  if (holds.includes('utcDateTime')) {
    if (timeZone !== undefined)
      return { option: { column, codec: 'localDateTime', timeZone }, reason: { kind: 'given' } };
    return { option: { column, codec: 'utcDateTime' }, reason: { kind: 'noZone' } };
  }
  const seen = (values?.values ?? []).flatMap(({ value }) => value ?? []);
  const example = seen.find((value) => value !== '0' && value !== '') ?? '';
  if (holds.includes('isoText')) {
    const isAll = example !== '' && seen.every((value) => ISO.test(value));
    return isAll ? { option: { column, codec: 'isoText' }, reason: { kind: 'size', example } } : undefined;
  }
  if (!holds.some((kind) => kind.startsWith('epoch'))) return undefined;
  const unset = seen.includes('0') ? { unset: [0] } : {};
  if (example === '') return { option: { column, codec: 'epochSeconds', ...unset }, reason: { kind: 'noValues' } };
  const number = Number(example);
  if (!(number >= SECONDS_BEGIN)) return undefined;
  const codec = number >= SECONDS_END ? 'epochMillis' : 'epochSeconds';
  return { option: { column, codec, ...unset }, reason: { kind: 'size', example } };
}

/** The column of a time. */
export const columnOf = (option: TimeColumnOption): string => (typeof option === 'string' ? option : option.column);
