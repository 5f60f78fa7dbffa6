import { invalidSchema } from '../errors.js';
import { type RawState, TIME_CODECS, type TimeCodec, type TimeColumnOption } from './mapping.js';
import { named, rejectUnknown } from './option.js';

/** A time column with nothing left open. */
export interface TimeColumn {
  readonly column: string;
  readonly codec: TimeCodec;
  readonly unset: readonly RawState[];
}

/** A time column with its defaults filled in. Throws `INVALID_SCHEMA` with `path`. */
export function timeColumn(
  path: string,
  option: TimeColumnOption | null | undefined,
  fallback: string,
  defaultCodec: TimeCodec,
): TimeColumn {
  if (typeof option !== 'object' || option === null) {
    return { column: named(path, option, fallback), codec: defaultCodec, unset: [] };
  }
  rejectUnknown(path, option, ['column', 'codec', 'unset']);
  const { column, codec = defaultCodec, unset = [] } = option;
  if (!TIME_CODECS.includes(codec)) {
    throw invalidSchema(`${path}.codec is ${JSON.stringify(codec)}`, `Use one of ${TIME_CODECS.join(', ')}`);
  }
  const wanted = codec.startsWith('epoch') ? 'number' : 'string';
  const wrong = unset.find((value) => typeof value !== wanted);
  if (wrong !== undefined) {
    throw invalidSchema(
      `${path}.unset holds ${JSON.stringify(wrong)}`,
      `With codec ${codec} its values are ${wanted}s`,
    );
  }
  const exact = unset.map((value) => (typeof value === 'number' ? value : utcText(path, value)));
  return { column: named(`${path}.column`, column, fallback), codec, unset: exact };
}

/** Whether two columns hold the same for the same time. */
export const isKeptAs = (one: TimeColumn, other: TimeColumn): boolean => one.codec === other.codec;

/** A time as text with its zone, which is UTC where none is given: without one, servers would take their own. */
function utcText(path: string, text: string): string {
  if (/^-?infinity$/i.test(text)) return text;
  const iso = text.replace(' ', 'T');
  const isZoned = !iso.includes('T') || /(z|[+-]\d\d:?\d\d)$/i.test(iso);
  const date = new Date(isZoned ? iso : `${iso}Z`);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw invalidSchema(`${path}.unset holds ${JSON.stringify(text)}`, 'Give ISO 8601 texts: 1970-01-01T00:00:00Z');
}
