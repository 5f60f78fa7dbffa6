import { visible } from '@jobsweep/core';

/**
 * A value with every text in it as a line that can be shown: see `visible`. Dates and the like stay what they are.
 * Statements keep their lines, since they are made of nothing but our own words and names of the config.
 */
export function visibleValue<Value>(value: Value): Value {
  return shown(value, '') as Value;
}

const OF_LINES = ['statement', 'statements', 'ddl'];

function shown(value: unknown, key: string): unknown {
  if (typeof value === 'string')
    return OF_LINES.includes(key) ? value.split('\n').map(visible).join('\n') : visible(value);
  if (Array.isArray(value)) return value.map((item) => shown(item, key));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shown(item, name)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
