import { describe, expect, it } from 'vitest';
import { resolveSchema, type TimeCodec, type TimeColumnOption } from '../../src/index.js';
import { errorWith } from '../support.js';

const startTime = (option: TimeColumnOption) =>
  resolveSchema({ jobs: { columns: { startTime: option } } }).jobs.columns.startTime;
const invalid = (message: string) => errorWith('INVALID_SCHEMA', message);

describe('a time column', () => {
  it('given by its name is an instant', () => {
    expect(startTime('began')).toEqual({ column: 'began', codec: 'instant', unset: [] });
  });

  it('without a codec is an instant', () => {
    expect(startTime({ column: 'began' })).toEqual({ column: 'began', codec: 'instant', unset: [] });
  });

  it.each(['instant', 'utcDateTime', 'epochSeconds', 'epochMillis'] as const)('may be kept as %s', (codec) => {
    expect(startTime({ column: 'began', codec })).toEqual({ column: 'began', codec, unset: [] });
  });

  it.each(['epochSeconds', 'epochMillis'] as const)('kept as %s is unset by numbers', (codec) => {
    expect(startTime({ column: 'began', codec, unset: [0, -1] }).unset).toEqual([0, -1]);
    expect(() => startTime({ column: 'began', codec, unset: [0, '0'] })).toThrow(
      invalid(`schema.jobs.columns.startTime.unset holds "0". With codec ${codec} its values are numbers.`),
    );
  });

  it.each(['instant', 'utcDateTime'] as const)('kept as %s is unset by texts', (codec) => {
    expect(startTime({ column: 'began', codec, unset: ['1970-01-01T00:00:00Z'] }).unset).toHaveLength(1);
    expect(() => startTime({ column: 'began', codec, unset: [0] })).toThrow(
      invalid(`schema.jobs.columns.startTime.unset holds 0. With codec ${codec} its values are strings.`),
    );
  });

  it.each(['1970-01-01', '1970-01-01T00:00', '1970-01-01 00:00:00', '1970-01-01T01:00:00+01:00'])(
    'is unset by a text that means UTC where it names no zone: %s',
    (text) => {
      const { unset } = startTime({ column: 'began', unset: [text] });
      expect(unset).toEqual(['1970-01-01T00:00:00.000Z']);
    },
  );

  it('is unset by infinity where somebody says so, and by no other text that is no time', () => {
    expect(startTime({ column: 'began', unset: ['-infinity'] }).unset).toEqual(['-infinity']);
    expect(() => startTime({ column: 'began', unset: ['never'] })).toThrow(
      invalid('schema.jobs.columns.startTime.unset holds "never". Give ISO 8601 texts: 1970-01-01T00:00:00Z.'),
    );
  });

  it('that has local time has a zone, and no other one has', () => {
    const local = { column: 'began', codec: 'localDateTime' } as const;
    expect(startTime({ ...local, timeZone: 'Europe/Berlin', unset: ['1900-01-01 00:00:00'] })).toMatchObject({
      codec: 'utcDateTime',
      zone: { name: 'Europe/Berlin' },
      unset: ['1900-01-01T00:00:00.000Z'],
    });
    const path = 'schema.jobs.columns.startTime';
    expect(() => startTime(local)).toThrow(
      invalid(`${path}.codec is 'localDateTime'. Give ${path}.timeZone as well: 'Europe/Berlin', say.`),
    );
    expect(() => startTime({ column: 'began', timeZone: 'UTC' })).toThrow(
      invalid(`${path}.timeZone is "UTC". Leave it out, or set codec to 'localDateTime'.`),
    );
    expect(() => startTime({ ...local, timeZone: 'Europe/Nowhere' })).toThrow(
      invalid(`${path}.timeZone is "Europe/Nowhere". Give the IANA name of a zone: 'Europe/Berlin', say.`),
    );
    expect(() => startTime({ ...local, timeZone: 'UTC', unset: ['1900-01-01T00:00:00Z'] })).toThrow(
      invalid(
        `${path}.unset holds "1900-01-01T00:00:00Z". Give ISO 8601 texts: 1970-01-01T00:00:00, as the column has it.`,
      ),
    );
  });

  it('has no other codec', () => {
    expect(() => startTime({ column: 'began', codec: 'julian' as TimeCodec })).toThrow(
      invalid(
        'schema.jobs.columns.startTime.codec is "julian". Use one of instant, utcDateTime, epochSeconds, epochMillis, isoText, localDateTime.',
      ),
    );
  });
});
