import { invalidSchema } from '../errors.js';
import { COLUMN_CODECS, type ColumnCodec, type RawState, type TimeCodec, type TimeColumnOption } from './mapping.js';
import { named, rejectUnknown } from './option.js';
import { TimeZone } from './time-zone.js';

/** A time column with nothing left open. */
export interface TimeColumn {
  readonly column: string;
  readonly codec: TimeCodec;
  readonly unset: readonly RawState[];
  /** Of one that has local time: to databases it is a `utcDateTime`, and core alone knows which instants it means. */
  readonly zone?: TimeZone;
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
  rejectUnknown(path, option, ['column', 'codec', 'timeZone', 'unset']);
  const { column, codec: word = defaultCodec, unset = [] } = option;
  if (!COLUMN_CODECS.includes(word)) {
    throw invalidSchema(`${path}.codec is ${JSON.stringify(word)}`, `Use one of ${COLUMN_CODECS.join(', ')}`);
  }
  const zone = zoneOf(path, word, option.timeZone);
  const codec = word === 'localDateTime' ? 'utcDateTime' : word;
  const wanted = codec.startsWith('epoch') ? 'number' : 'string';
  const wrong = unset.find((value) => typeof value !== wanted);
  if (wrong !== undefined) {
    throw invalidSchema(`${path}.unset holds ${JSON.stringify(wrong)}`, `With codec ${word} its values are ${wanted}s`);
  }
  const asItIs = codec === 'isoText';
  const exact = unset.map((value) =>
    typeof value === 'number' || asItIs ? value : utcText(path, value, zone === undefined),
  );
  return { column: named(`${path}.column`, column, fallback), codec, unset: exact, ...(zone && { zone }) };
}

/** The zone of local times; no other codec has one. */
function zoneOf(path: string, codec: ColumnCodec, name: string | undefined): TimeZone | undefined {
  const isLocal = codec === 'localDateTime';
  if (isLocal !== (name !== undefined)) {
    const fix = isLocal
      ? `Give ${path}.timeZone as well: 'Europe/Berlin', say`
      : "Leave it out, or set codec to 'localDateTime'";
    throw invalidSchema(
      isLocal ? `${path}.codec is 'localDateTime'` : `${path}.timeZone is ${JSON.stringify(name)}`,
      fix,
    );
  }
  if (name === undefined) return undefined;
  try {
    return new TimeZone(name);
  } catch {
    throw invalidSchema(
      `${path}.timeZone is ${JSON.stringify(name)}`,
      "Give the IANA name of a zone: 'Europe/Berlin', say",
    );
  }
}

/** Whether two columns hold the same for the same time. */
export const isKeptAs = (one: TimeColumn, other: TimeColumn): boolean =>
  one.codec === other.codec && one.zone?.name === other.zone?.name;

/**
 * A time as text with its zone, which is UTC where none is given: without one, servers would take their own. What the clocks of
 * another zone show is written in the same way, and has none.
 */
function utcText(path: string, text: string, mayHaveZone: boolean): string {
  if (/^-?infinity$/i.test(text)) return text;
  const iso = text.replace(' ', 'T');
  const isZoned = !iso.includes('T') || /(z|[+-]\d\d:?\d\d)$/i.test(iso);
  const date = new Date(isZoned ? iso : `${iso}Z`);
  const isPlain = !iso.includes('T') || !isZoned;
  if (!Number.isNaN(date.getTime()) && (mayHaveZone || isPlain)) return date.toISOString();
  const example = mayHaveZone ? '1970-01-01T00:00:00Z' : '1970-01-01T00:00:00, as the column has it';
  throw invalidSchema(`${path}.unset holds ${JSON.stringify(text)}`, `Give ISO 8601 texts: ${example}`);
}
