import { describe, expect, it } from 'vitest';
import { isoTextBefore, isoTextOf, microsOfIsoText } from '../../src/index.js';

const SECOND = '2026-02-10T12:00:00';
const at = (fraction: string) => (microsOfIsoText(`${SECOND}Z`) ?? 0n) + BigInt(fraction.padEnd(6, '0'));

describe('a time as text', () => {
  it.each([
    [`${SECOND}Z`, at('')],
    [`${SECOND}+00:00`, at('')],
    [`${SECOND}.5Z`, at('5')],
    [`${SECOND}.123456789+00:00`, at('123456')],
    ['1969-12-31T23:59:59.999999Z', -1n],
    [`${SECOND}`, null],
    [`${SECOND}.Z`, null],
    [`${SECOND}z`, null],
    [`${SECOND}+02:00`, null],
    ['2026-02-10 12:00:00Z', null],
    ['2026-13-10T12:00:00Z', null],
    ['2026-02-10', null],
    ['', null],
  ])('is %j: %s', (text, micros) => {
    expect(microsOfIsoText(text)).toBe(micros);
  });

  it('is written with milliseconds, cut', () => {
    expect(isoTextOf(at('9999'))).toBe(`${SECOND}.999Z`);
  });

  it('is before an instant just when its time is', () => {
    const fractions = [
      '',
      '.0',
      '.1',
      '.12',
      '.120',
      '.124',
      '.1249999',
      '.125',
      '.1250',
      '.1250001',
      '.13',
      '.2',
      '.9',
      '.999999',
    ];
    const texts = ['11:59:59.999999', '12:00:01', '12:00:01.5'].map((time) => `2026-02-10T${time}Z`);
    for (const fraction of fractions) texts.push(`${SECOND}${fraction}Z`, `${SECOND}${fraction}+00:00`);
    for (const fraction of ['', '1', '12', '125', '124999', '9', '999999', '000001']) {
      const { before, except } = isoTextBefore(at(fraction));
      for (const text of texts) {
        const isBefore = text < before && !(except !== null && new RegExp(except).test(text));
        expect([text, fraction, isBefore]).toEqual([text, fraction, (microsOfIsoText(text) ?? 0n) < at(fraction)]);
      }
    }
  });
});
