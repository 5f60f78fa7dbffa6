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

  it('has no other codec', () => {
    expect(() => startTime({ column: 'began', codec: 'julian' as TimeCodec })).toThrow(
      invalid(
        'schema.jobs.columns.startTime.codec is "julian". Use one of instant, utcDateTime, epochSeconds, epochMillis.',
      ),
    );
  });
});
