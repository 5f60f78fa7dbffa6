/** An instant as ISO 8601 in UTC with microseconds. */
export function isoOf(micros: bigint): string {
  const fraction = ((micros % 1000n) + 1000n) % 1000n;
  const millis = new Date(Number((micros - fraction) / 1000n)).toISOString();
  return millis.replace('Z', `${String(fraction).padStart(3, '0')}Z`);
}

/**
 * The texts that stand for times: ISO 8601 in UTC with `T`, whole seconds or up to nine digits behind them, and `Z` or
 * `+00:00`. Down to the second they are in order as their times are, whatever the collation. A regular expression that all
 * databases take.
 */
export const ISO_TEXT =
  '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+]00:00)$';

const PATTERN = new RegExp(ISO_TEXT);

/** An instant as such a text, cut to milliseconds: 2026-02-10T12:00:00.000Z. */
export const isoTextOf = (micros: bigint): string => isoOf(micros).replace(/\d{3}Z$/, 'Z');

/** Microseconds since 1970, cut; `null` for any other text. */
export function microsOfIsoText(text: string): bigint | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, , , , fraction = '.'] = match;
  const millis = Date.parse(`${text.slice(0, 19)}Z`);
  return Number.isNaN(millis) ? null : BigInt(millis) * 1000n + BigInt(fraction.slice(1, 7).padEnd(6, '0'));
}

/** Which of these texts are strictly before an instant: those before a text, without those that match an expression. */
export function isoTextBefore(micros: bigint): { readonly before: string; readonly except: string | null } {
  const secondOf = (at: bigint) => isoOf(at).slice(0, 19);
  const second = secondOf(micros);
  const fraction = isoOf(micros).slice(20, 26).replace(/0+$/, '');
  if (fraction === '') return { before: second, except: null };
  const later = [...fraction].flatMap((digit, index) => {
    const start = fraction.slice(0, index);
    return digit === '9' ? [] : [`${start}[${Number(digit) + 1}-9][0-9]*`];
  });
  return {
    before: secondOf(micros + 1_000_000n),
    except: `^${second}[.](${[...later, `${fraction}[0-9]*`].join('|')})(Z|[+])`,
  };
}
