import { wrap } from '../output/wrap.js';

/** What is said of the values of a literal, by their paths: beside a value, in its line, or above it, in lines of their own. */
export interface Comments {
  readonly beside?: ReadonlyMap<string, string>;
  readonly above?: ReadonlyMap<string, readonly string[]>;
}

const WIDTH = 100;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A text as a literal of JavaScript. */
export const quoted = (text: string): string =>
  /[\p{Cc}\u2028\u2029]/u.test(text) ? JSON.stringify(text) : `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

/**
 * The entries of an object as lines of JavaScript, each ending in a comma: what is short and has no comments in it in one line.
 *
 * @param path of the object, which the paths of its comments begin with.
 */
export function entryLines(value: object, path: string, indent: string, comments: Comments): string[] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const at = `${path}.${key}`;
    const above = (comments.above?.get(at) ?? []).map((line) => wrap(inOneLine(line), WIDTH, `${indent}// `));
    const beside = comments.beside?.get(at);
    const begin = `${indent}${nameOf(key)}: `;
    if (isObject(item) && (hasComments(at, comments) || `${begin}${inline(item)},`.length > WIDTH)) {
      return [...above, `${begin}{`, ...entryLines(item, at, `${indent}  `, comments), `${indent}},`];
    }
    const comment = beside === undefined ? '' : ` // ${inOneLine(beside)}`;
    return [...above, `${begin}${inline(item)},${comment}`];
  });
}

const nameOf = (key: string): string => (IDENTIFIER.test(key) ? key : quoted(key));

/** Nothing that a database says may end a comment. */
const inOneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasComments = (path: string, { beside, above }: Comments): boolean =>
  [...(beside?.keys() ?? []), ...(above?.keys() ?? [])].some((each) => each.startsWith(`${path}.`));

function inline(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (!isObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${nameOf(key)}: ${inline(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
