import { linkNames, plainName, type SurveyedName, type SurveyedTable } from '@jobsweep/core';
import { endLike, releaseLike, startLike, stateLike } from './columns.js';
import type { Reason } from './lines.js';
import { each, type Weights, weightOf, wordsIn } from './names.js';

const JOB_WORDS: Weights = {
  ...each(10, 'job'),
  ...each(9, 'task execution'),
  ...each(8, 'run'),
  ...each(7, 'build work workitem'),
  ...each(6, 'queue batch process action'),
  ...each(5, 'pipeline workflow operation trial kernel attempt trigger'),
  ...each(4, 'item request instance message'),
};

const ALLOCATION_WORDS: Weights = {
  ...each(10, 'allocation'),
  ...each(9, 'reservation lease'),
  ...each(8, 'slot lock booking'),
  ...each(6, 'assignment hold grant claim'),
  ...each(4, 'resource license seat'),
};

/** A table whose name ends so is about something else, whatever stands before. */
const OTHERS = new Set(
  'log history event data metadata annotation archive heartbeat param parameter type definition config setting template tag schedule dependency version cache user session arg input output migration'.split(
    ' ',
  ),
);

/** jobsweep's own tables, and those of tools that change tables. */
const NOT_OURS = /^jobsweep_|migrations?$/i;

/** The last word of a name says most. */
function nameWeight(name: string, weights: Weights): number {
  const last = wordsIn(name).at(-1) ?? '';
  if (NOT_OURS.test(name) || OTHERS.has(last)) return 0;
  return Math.max(weights[last === 'entity' ? '' : last] ?? 0, weightOf(name, weights) * 0.6);
}

/** Tables that are looked at more closely, those with the likeliest names first. */
export function worthALook(tables: readonly SurveyedName[], named: readonly string[], atMost: number): SurveyedName[] {
  const weight = (table: SurveyedName) =>
    named.some((name) => isCalled(table, name))
      ? Number.POSITIVE_INFINITY
      : Math.max(nameWeight(table.name, JOB_WORDS), nameWeight(table.name, ALLOCATION_WORDS));
  return tables
    .filter(({ name }) => !NOT_OURS.test(name))
    .map((table) => ({ table, weight: weight(table) }))
    .sort((one, other) => other.weight - one.weight)
    .slice(0, atMost)
    .map(({ table }) => table);
}

/** Whether a table is meant by a name, which may have its schema. */
export const isCalled = ({ schema, isOwn, name }: SurveyedName, called: string): boolean =>
  called === `${schema}.${name}` || (called === name && isOwn);

/** A table by the name that people know it by. */
export const shownName = ({ schema, isOwn, name }: SurveyedName): string => (isOwn ? name : `${schema}.${name}`);

/** A table that may be the one, with how much says so. */
export interface Candidate {
  readonly table: SurveyedTable;
  readonly weight: number;
}

/** The tables that look like jobs, the likeliest first: with a key, a state and a time, and a name or both times. */
export function jobCandidates(tables: readonly SurveyedTable[]): Candidate[] {
  return ranked(tables, (table) => {
    const [starts, ends] = [startLike(table), endLike(table)].map((columns) => columns.length > 0);
    if (table.keys.length === 0 || stateLike(table).length === 0 || !(starts || ends)) return 0;
    const name = nameWeight(table.name, JOB_WORDS);
    const held = table.references.filter((reference) => nameWeight(reference.table.name, ALLOCATION_WORDS) > 0);
    if (name === 0 && held.length === 0 && !(starts && ends)) return 0;
    if (nameWeight(table.name, ALLOCATION_WORDS) > name) return 0;
    return name + (starts ? 2 : 0) + (ends ? 2 : 0) + Math.min(2, table.references.length) + (held.length > 0 ? 4 : 0);
  });
}

/** The tables that look like what jobs hold: with a link to jobs, and a status or a time of release. */
export function allocationCandidates(tables: readonly SurveyedTable[], jobs: SurveyedTable): Candidate[] {
  return ranked(tables, (table) => {
    if (table === jobs || table.keys.length === 0 || linkTo(jobs, table) === undefined) return 0;
    if (stateLike(table).length === 0 && releaseLike(table).length === 0) return 0;
    return nameWeight(table.name, ALLOCATION_WORDS);
  });
}

/** One that is told apart from the first by this little could be meant as well. */
const NEAR = 0.7;

/** Those that may be meant in place of the first. */
export const rivals = ([first, ...others]: readonly Candidate[]): string[] =>
  others.filter(({ weight }) => weight >= (first?.weight ?? 0) * NEAR).map(({ table }) => shownName(table));

function ranked(tables: readonly SurveyedTable[], weightOfTable: (table: SurveyedTable) => number): Candidate[] {
  return tables
    .map((table) => ({ table, weight: weightOfTable(table) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight);
}

/** The columns of a table that name a job. */
export interface LinkToJobs {
  readonly columns: readonly string[];
  /** The columns of the job's key, in the same order. */
  readonly to: readonly string[];
  readonly reason: Reason;
}

/**
 * How a table names a job, if it does.
 *
 * @param named the column that somebody has named.
 */
export function linkTo(jobs: SurveyedTable, table: SurveyedTable, named?: string | null): LinkToJobs | undefined {
  if (named != null) return { columns: [named], to: jobs.keys[0] ?? [], reason: { kind: 'given' } };
  const isIt = (name: SurveyedName) => name.schema === table.schema && name.name === table.name;
  const [key] = jobs.references.filter((reference) => isIt(reference.table));
  if (key !== undefined) return { columns: key.columns, to: key.to, reason: { kind: 'foreignKey' } };
  const to = jobs.keys[0] ?? [];
  if (to.length !== 1) return undefined;
  const names = linkNames(jobs.name, to);
  const column = table.columns.find(({ name }) => names.includes(plainName(name)));
  return column && { columns: [column.name], to, reason: { kind: 'nameLike' } };
}
