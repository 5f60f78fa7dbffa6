import { parseArgs } from 'node:util';
import type { EngineName } from '@jobsweep/test-engines';
import { ADAPTERS } from './jobsweep.js';
import type { Plan } from './measure.js';
import { WORKLOADS } from './workloads/index.js';

const DATABASES = ['postgres', 'mysql', 'mariadb', 'mongodb'] as const satisfies readonly EngineName[];

/** Enough for several batches. */
const ROWS = '30000';
const LONG_ROWS = '100000';

/** Six is the least that says something at 95 %. */
const ROUNDS = '7';

export interface Arguments extends Plan {
  readonly databases: readonly EngineName[];
  /** Keeps the results in it, beside those that are there. */
  readonly json: string | undefined;
  /** Whether to say which bounds are reached. */
  readonly isChecked: boolean;
  /** Files of `--json` to put into the documentation, and nothing is measured; `undefined`: measure. */
  readonly report: readonly string[] | undefined;
}

/** Throws `TypeError` for what is wrong with them. */
export function read(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      adapter: { type: 'string', multiple: true },
      database: { type: 'string', multiple: true },
      rows: { type: 'string' },
      rounds: { type: 'string', default: ROUNDS },
      long: { type: 'boolean', default: false },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  const [command, ...files] = positionals;
  const report = command === 'report' ? files : undefined;
  return {
    workloads: chosen('workload', Object.keys(WORKLOADS), report === undefined ? positionals : []),
    adapters: chosen('--adapter', ADAPTERS, values.adapter),
    databases: chosen('--database', DATABASES, values.database),
    rows: whole('--rows', values.rows ?? (values.long ? LONG_ROWS : ROWS)),
    rounds: whole('--rounds', values.rounds),
    isLong: values.long,
    json: values.json,
    isChecked: values.check,
    report,
  };
}

/** Those that are named, or all. */
function chosen<Name extends string>(
  what: string,
  all: readonly Name[],
  named: readonly string[] = [],
): readonly Name[] {
  const words = named.flatMap((word) => word.split(','));
  const stranger = words.find((word) => !all.some((name) => name === word));
  if (stranger !== undefined) throw new TypeError(`${what} ${stranger}: choose from ${all.join(', ')}`);
  return words.length === 0 ? all : all.filter((name) => words.includes(name));
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new TypeError(`${option} ${text}: give a whole number from 1 on`);
  return value;
}
