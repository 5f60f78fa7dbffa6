import type { Words } from '../../words/words.js';
import type { ConfigProblem } from './problems.js';

/** `${NAME}`, or `$${NAME}` for a dollar sign that stays. */
const VARIABLE = /\$(\$\{[A-Za-z_]\w*\}|\{([A-Za-z_]\w*)\})/g;

/** A config with its variables filled in, and those that are not set. */
export interface Expanded {
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
}

/** Fills in `${NAME}` in every text of a config, however deep. A variable that is not set, or empty, is a problem. */
export function expandVariables(config: unknown, env: NodeJS.ProcessEnv, words: Words['config']): Expanded {
  const problems: ConfigProblem[] = [];
  const expand = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(VARIABLE, (whole, escaped: string, name: string | undefined) => {
        if (name === undefined) return escaped;
        const found = env[name];
        if (found !== undefined && found !== '') return found;
        problems.push({ path, ...words.needsVariable(name) });
        return whole;
      });
    }
    if (Array.isArray(value)) return value.map((item, index) => expand(item, `${path}[${index}]`));
    if (!isPlainObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      expand(item, path === '' ? key : `${path}.${key}`),
    ]);
    return Object.fromEntries(entries) as unknown;
  };
  return { value: expand(config, ''), problems };
}

/** Classes, such as models and data sources, are handed on as they are. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
