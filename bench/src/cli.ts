import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { EngineName } from '@jobsweep/test-engines';
import { ADAPTERS } from './jobsweep.js';
import { type Measured, measure, type Plan } from './measure.js';
import { median, ratios, table } from './report.js';
import { WORKLOADS } from './workload.js';

const DATABASES = ['postgres', 'mysql', 'mariadb'] as const satisfies readonly EngineName[];
const USAGE = 2;

interface Arguments extends Plan {
  readonly databases: readonly EngineName[];
  readonly json: string | undefined;
}

/** Measures what the arguments name, prints each line as it comes and the table at the end. */
async function main(args: readonly string[]): Promise<void> {
  const { databases, json, ...plan } = read(args);
  const all: Measured[] = [];
  for (const database of databases) {
    for await (const measured of measure(database, plan)) {
      all.push(measured);
      console.error(`${measured.workload} on ${database}: ${summary(measured)}`);
    }
  }
  console.log(table(all));
  if (json === undefined) return;
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length };
  await writeFile(json, `${JSON.stringify({ machine, at: new Date().toISOString(), measured: all }, null, 2)}\n`);
}

const summary = (measured: Measured): string =>
  Object.entries(measured.adapters)
    .map(([adapter, times]) => `${adapter} ${median(ratios(measured, times)).toFixed(2)}`)
    .join(', ');

function read(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      adapter: { type: 'string', multiple: true },
      database: { type: 'string', multiple: true },
      rows: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
    },
  });
  return {
    workloads: chosen('workload', WORKLOADS, positionals),
    adapters: chosen('--adapter', ADAPTERS, values.adapter),
    databases: chosen('--database', DATABASES, values.database),
    rows: whole('--rows', values.rows),
    rounds: whole('--rounds', values.rounds),
    json: values.json,
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

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof TypeError ? error.message : error);
  process.exitCode = USAGE;
}
