import type { SurveyedName, SurveyedReference, SurveyedTable } from '@jobsweep/core';
import { allocationLines } from './allocation-lines.js';
import { signLike } from './columns.js';
import { FAMILIES } from './defaults.js';
import { jobLines } from './job-lines.js';
import { type Counted, confirmed, type Line, type Reason, type Topic } from './lines.js';
import { Picker, type Sources } from './picker.js';
import type { SaidStates } from './states.js';
import {
  allocationCandidates,
  type Candidate,
  isCalled,
  jobCandidates,
  type LinkToJobs,
  linkTo,
  rivals,
  shownName,
} from './tables.js';
import type { Untold } from './untold.js';

/** What a look at a database found. */
export interface Facts extends Pick<Sources, 'family' | 'values'> {
  readonly tables: readonly SurveyedTable[];
}

/** What people have said: by flags, and by their answers. All of it may be missing. */
export interface Said {
  readonly jobsTable?: string | undefined;
  /** `null`: there is none. */
  readonly allocationsTable?: string | null | undefined;
  /** Columns by where they go; `null`: there is none. */
  readonly columns?: Sources['named'];
  readonly states?: SaidStates;
  readonly statuses?: SaidStates;
  /** The zone of times that have none. */
  readonly timeZone?: string | undefined;
  readonly confirmed?: readonly Topic[];
}

/** A mapping with a reason for each of its lines. */
export interface Proposal {
  readonly jobs: SurveyedTable;
  readonly allocations: SurveyedTable | null;
  readonly lines: readonly Line[];
  /** Values that nobody knows: their rows are left alone. */
  readonly unknown: { readonly states: readonly Counted[]; readonly statuses: readonly Counted[] };
  /** What else points at jobs. Nothing of it is deleted by jobsweep. */
  readonly dependents: readonly SurveyedReference[];
}

/** Proposes how jobsweep's words map onto tables, or says why it cannot. */
export function propose(facts: Facts, said: Said = {}): Proposal | Untold {
  const jobs = chosen(jobCandidates(facts.tables), facts, said.jobsTable);
  if (jobs === undefined)
    return said.jobsTable === undefined ? { kind: 'noJobs' } : { kind: 'noTable', table: said.jobsTable };
  if ((jobs.table.keys[0] ?? []).length === 0) return { kind: 'noKey', table: shownName(jobs.table) };
  const sources: Sources = { ...facts, named: said.columns ?? new Map(), timeZone: said.timeZone };
  const held = chosenAllocations(jobs.table, facts, said);
  const key = held?.link.reason.kind === 'foreignKey' ? held.link.to : (jobs.table.keys[0] ?? []);
  const mapped = jobLines(jobs.table, key, said.states, sources);
  if ('kind' in mapped) return mapped;
  const allocations = held && allocationLines(held.table, held.link, said.statuses, sources);
  const heldLines = allocations?.lines ?? null;
  const sign = mapped.sign === undefined ? signElsewhere(jobs.table, facts, sources) : [mapped.sign];
  const lines: Line[] = [
    ...tableLines('schema.jobs', jobs, facts),
    { path: 'schema.jobs.columns.id', value: key.length === 1 ? key[0] : key, reasons: [keyReason(jobs.table, key)] },
    ...mapped.lines,
    ...(held === undefined || heldLines === null
      ? [noAllocations(said, held !== undefined)]
      : [...tableLines('schema.allocations', held, facts), ...heldLines]),
    ...sign,
  ];
  const allocationsTable = held === undefined || heldLines === null ? null : held.table;
  const isMapped = (table: SurveyedName) =>
    isSame(table, jobs.table) || (allocationsTable !== null && isSame(table, allocationsTable));
  return {
    jobs: jobs.table,
    allocations: allocationsTable,
    lines: lines.map((line) => confirmed(line, said.confirmed ?? [])),
    unknown: { states: mapped.unknown, statuses: allocations?.unknown ?? [] },
    dependents: jobs.table.references.filter(({ table }) => !isMapped(table)),
  };
}

const SIGN = 'filters.ageColumn';

/** A table with why it was taken. */
interface Chosen {
  readonly table: SurveyedTable;
  readonly reason: Reason;
}

function chosen(candidates: readonly Candidate[], { tables }: Facts, called: string | undefined): Chosen | undefined {
  if (called !== undefined) {
    const table = tables.find((each) => isCalled(each, called));
    return table && { table, reason: { kind: 'given' } };
  }
  const [first] = candidates;
  return first && { table: first.table, reason: { kind: 'tableLike', others: rivals(candidates) } };
}

function chosenAllocations(
  jobs: SurveyedTable,
  facts: Facts,
  { allocationsTable, columns }: Said,
): (Chosen & { readonly link: LinkToJobs }) | undefined {
  if (allocationsTable === null) return undefined;
  const found = chosen(allocationCandidates(facts.tables, jobs), facts, allocationsTable);
  const link = found && linkTo(jobs, found.table, columns?.get('schema.allocations.columns.jobId'));
  if (found === undefined || link === undefined) return undefined;
  return { ...found, link };
}

const noAllocations = ({ allocationsTable }: Said, isUnknown: boolean): Line => ({
  path: 'schema.allocations',
  value: null,
  reasons: [{ kind: allocationsTable === null ? 'given' : isUnknown ? 'statusUnknown' : 'none' }],
});

function tableLines(path: string, { table, reason }: Chosen, { family }: Facts): Line[] {
  const isDefault = table.isOwn && table.name === FAMILIES[family].defaults[`${path}.table`];
  const reasons: Line['reasons'] = [isDefault && reason.kind === 'tableLike' ? { kind: 'default' } : reason];
  const schema: Line[] = table.isOwn
    ? []
    : [{ path: `${path}.schema`, value: table.schema, reasons: [{ kind: 'given' }] }];
  return [...schema, { path: `${path}.table`, value: table.name, reasons }];
}

const keyReason = ({ keys }: SurveyedTable, key: readonly string[]): Reason => ({
  kind: key.join() === keys[0]?.join() ? 'primaryKey' : 'uniqueKey',
});

/** A sign of life that jobs give in a table of their own. */
function signElsewhere(jobs: SurveyedTable, { tables }: Facts, sources: Sources): Line[] {
  for (const { table: name, columns } of jobs.references) {
    const table = tables.find((each) => isSame(each, name));
    if (table === undefined) continue;
    const line = new Picker(table, sources).time({ path: SIGN, like: signLike(table) });
    if (line === undefined) continue;
    const time = typeof line.value === 'string' ? { column: line.value } : (line.value as object);
    const schema = table.isOwn ? {} : { schema: table.schema };
    const key = columns.length === 1 ? columns[0] : columns;
    return [{ ...line, value: { ...schema, table: table.name, key, ...time } }];
  }
  return [];
}

const isSame = (one: SurveyedName, other: SurveyedName): boolean =>
  one.schema === other.schema && one.name === other.name;
