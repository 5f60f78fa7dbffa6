import type { ColumnKind, SurveyedReference, SurveyedTable, SurveyedValues } from '@jobsweep/core';
import type { Family } from '../../../src/cli/init/proposal/defaults.js';
import { isAssumed, type Line } from '../../../src/cli/init/proposal/lines.js';
import { type Facts, type Proposal, propose, type Said } from '../../../src/cli/init/proposal/propose.js';

const HOLDS: Readonly<Record<string, readonly ColumnKind[]>> = {
  timestamptz: ['instant'],
  timestamp: ['utcDateTime', 'localDateTime'],
  datetime: ['utcDateTime', 'localDateTime'],
  bigint: ['epochSeconds', 'epochMillis', 'number'],
  int: ['epochSeconds', 'number'],
  smallint: ['number'],
  text: ['isoText', 'text', 'json'],
  jsonb: ['json'],
  date: ['instant'],
};

/** A table in few words: its columns as `name type`, with the values of some. */
interface Told {
  readonly columns: string;
  readonly key?: readonly string[];
  /** The foreign keys that point at it: `locks.build_id`. */
  readonly references?: readonly string[];
  /** `{ state: { done: 12 } }` */
  readonly values?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Facts as a survey would give them. */
export function factsOf(family: Family, told: Readonly<Record<string, Told>>): Facts {
  const tables = Object.entries(told).map(([name, of]) => surveyed(name, of));
  return {
    family,
    tables,
    values: ({ name }, column): SurveyedValues => {
      const counted = Object.entries(told[name]?.values?.[column] ?? {});
      return { values: counted.map(([value, rows]) => ({ value, rows })), hasMore: false };
    },
  };
}

function surveyed(name: string, { columns, key, references = [] }: Told): SurveyedTable {
  const all = columns.split(',').map((column) => {
    const [, called = '', type = '', members] = /^\s*(\S+) (\w+)(?:\((.*)\))?/.exec(column) ?? [];
    const isEnum = type === 'enum' ? { members: (members ?? '').split('|') } : {};
    return { name: called, type, holds: HOLDS[type] ?? [], ...isEnum, isGenerated: false };
  });
  return {
    ...{ schema: 'public', isOwn: true, name, rows: null, columns: all },
    keys: [key ?? [all[0]?.name ?? '']],
    references: references.map((each): SurveyedReference => {
      const [table = '', column = ''] = each.split('.');
      return {
        table: { schema: 'public', isOwn: true, name: table },
        columns: [column],
        to: key ?? [all[0]?.name ?? ''],
        onDelete: 'blocks',
      };
    }),
  };
}

/** What is proposed; throws where nothing is. */
export function proposed(facts: Facts, said?: Said): Proposal {
  const proposal = propose(facts, said);
  if ('kind' in proposal) throw new Error(`Nothing is proposed: ${JSON.stringify(proposal)}`);
  return proposal;
}

/** `schema.jobs.table: jobs`, with a mark where it is assumed. */
export const shown = (lines: readonly Line[]): string[] =>
  lines.map((line) => {
    const value = typeof line.value === 'string' ? line.value : JSON.stringify(line.value);
    return `${isAssumed(line) ? '? ' : ''}${line.path.replace(/^schema\./, '')}: ${value}`;
  });
