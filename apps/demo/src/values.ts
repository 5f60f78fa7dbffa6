import { InputError } from './errors.js';

const DECIMAL = /^\d+(?:\.\d+)?$/;

interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** A parser of numbers that an option takes. Throws `InputError`. */
export function number(option: string, bounds: Bounds & { readonly whole: boolean }): (value: string) => number {
  const { from, to, whole } = bounds;
  return (value) => {
    const parsed = Number(value);
    const fits = DECIMAL.test(value) && parsed >= from && parsed <= to && (!whole || /^\d+$/.test(value));
    if (!fits) throw new InputError({ kind: 'badNumber', option, value, from, to, whole });
    return parsed;
  };
}

/** A parser of ranges such as `1-10`, the smaller number first. Throws `InputError`. */
export function range(option: string, { from, to }: Bounds): (value: string) => Bounds {
  return (value) => {
    const [low = '', high = '', ...rest] = value.split('-');
    const fits = rest.length === 0 && [low, high].every((part) => DECIMAL.test(part));
    const parsed = { from: Number(low), to: Number(high) };
    if (!fits || parsed.from < from || parsed.to > to || parsed.from > parsed.to) {
      throw new InputError({ kind: 'badRange', option, value, from, to });
    }
    return parsed;
  };
}

/** A parser of one of some words. Throws `InputError`. */
export function choice<Word extends string>(option: string, choices: readonly Word[]): (value: string) => Word {
  return (value) => {
    const found = choices.find((word) => word === value);
    if (found === undefined) throw new InputError({ kind: 'badChoice', option, value, choices });
    return found;
  };
}
