import type { Words } from '../../../words/words.js';
import type { Comments } from '../literal.js';
import { assumptionOf, remarksOn, whyOf } from './in-words.js';
import { isAssumed, type Line } from './lines.js';
import type { Proposal } from './propose.js';

/** A proposal as a config file has it. */
export interface ProposedOptions {
  /** Options of the store: `schema`, and `filters` where some are proposed. */
  readonly store: { readonly schema: object; readonly filters?: object };
  /** A reason for each line. */
  readonly comments: Comments;
  /** What nobody has confirmed, by its path in the file. */
  readonly assumptions: Readonly<Record<string, string>>;
}

/** The paths of what is in `store`, as the file has them. */
const inStore = (path: string): string => `store.${path}`;

export function asOptions(proposal: Proposal, words: Words['proposal']): ProposedOptions {
  const { lines } = proposal;
  const assumed = lines.filter(isAssumed);
  return {
    store: verbatim(nested(lines)) as ProposedOptions['store'],
    comments: {
      beside: new Map(lines.map((line) => [inStore(line.path), whyOf(line, words)])),
      above: new Map([[inStore('schema.jobs'), remarksOn(proposal, words)]]),
    },
    assumptions: verbatim(Object.fromEntries(assumed.map((line) => [inStore(line.path), assumptionOf(line, words)]))),
  };
}

/** The same, whose texts a config file takes as they are: `${NAME}` would be a variable there. */
function verbatim<Value>(value: Value): Value {
  if (typeof value === 'string') return value.replaceAll(/\$(?=\{[A-Za-z_]\w*\})/g, '$$$$') as Value;
  if (Array.isArray(value)) return value.map(verbatim) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, verbatim(item)])) as Value;
}

/** Values by their paths, as objects in one another. */
function nested(lines: readonly Line[]): object {
  const root: Record<string, unknown> = {};
  for (const { path, value } of lines) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const holder = parts.reduce<Record<string, unknown>>((at, part) => {
      const next = (at[part] ?? {}) as Record<string, unknown>;
      at[part] = next;
      return next;
    }, root);
    holder[last] = value;
  }
  return root;
}

/** Which strategies have what they need. */
export function strategiesOf({ lines }: Proposal): { readonly completed: boolean; readonly stale: boolean } {
  const completed = lines.some(({ path }) => path === 'schema.allocations.table');
  const time = lines.find(({ path }) => path === 'schema.allocations.columns.allocationTime');
  return { completed, stale: completed && time?.value != null };
}
