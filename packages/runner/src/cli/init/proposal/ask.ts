import type { SurveyedTable } from '@jobsweep/core';
import { JOB_STATES, RESOURCE_STATUSES } from '@jobsweep/core';
import { counted } from '../../../words/numbers.js';
import type { Context } from '../../context.js';
import { type ProposalPart, sayPart } from '../../output/proposal.js';
import { type Counted, isAssumed, type Line, type Topic, topicOf } from './lines.js';
import { type Ask, prompts } from './prompts.js';
import { type Facts, type Proposal, propose, type Said } from './propose.js';
import { countedValues } from './states.js';
import { allocationCandidates, isCalled, jobCandidates, shownName } from './tables.js';
import type { Untold } from './untold.js';

/** What is shown, and then asked about: times stand among the columns. */
const PARTS: readonly { readonly part: ProposalPart; readonly topics: readonly Topic[] }[] = [
  { part: 'tables', topics: ['tables'] },
  { part: 'columns', topics: ['columns', 'times'] },
  { part: 'states', topics: ['states'] },
];

/**
 * Shows what is proposed and asks about what is assumed of it, each thing once. What is confirmed is no assumption any more;
 * what somebody cannot say stays one.
 */
export async function askAbout(facts: Facts, begun: Said, context: Context): Promise<Proposal | Untold> {
  const ask = await prompts(context);
  let said = await withStatesSaid(ask, facts, begun);
  for (const { part, topics } of PARTS) {
    let isNew = true;
    for (const topic of topics) {
      const proposal = propose(facts, said);
      if ('kind' in proposal) return proposal;
      if (isNew) sayPart(context.output, proposal, part);
      isNew = false;
      if (openIn(proposal.lines, topic).length === 0) continue;
      const answer = await ask.choose(ask.words.topics[topic], [
        { value: 'right', name: ask.words.right },
        { value: 'change', name: ask.words.change },
        { value: 'later', name: ask.words.later },
      ]);
      if (answer === 'later') continue;
      if (answer === 'change') {
        said = await withStatesSaid(ask, facts, await CHANGES[topic]({ ask, proposal, facts, said }));
        isNew = true;
      }
      said = { ...said, confirmed: [...(said.confirmed ?? []), topic] };
    }
    const changed = propose(facts, said);
    if (isNew && !('kind' in changed)) sayPart(context.output, changed, part);
  }
  return propose(facts, said);
}

/** Asks for each state where the values of its column say nothing. */
async function withStatesSaid(ask: Ask, facts: Facts, said: Said): Promise<Said> {
  const untold = propose(facts, said);
  if (!('kind' in untold) || untold.kind !== 'statesUnknown') return said;
  const column = `${untold.table}.${untold.column}`;
  return { ...said, states: await askStates(ask, column, untold.values, JOB_STATES, new Map()) };
}

const openIn = (lines: readonly Line[], topic: Topic): Line[] =>
  lines.filter((line) => isAssumed(line) && line.reasons.some((reason) => topicOf(reason) === topic));

/** What a change of the answers goes by. */
interface Asking {
  readonly ask: Ask;
  readonly proposal: Proposal;
  readonly facts: Facts;
  readonly said: Said;
}

const CHANGES: Readonly<Record<Topic, (asking: Asking) => Promise<Said>>> = {
  tables: changeTables,
  columns: changeColumns,
  states: changeStates,
  times: changeZone,
};

async function changeTables({ ask, proposal, facts, said }: Asking): Promise<Said> {
  const name = (table: SurveyedTable) => ({ value: shownName(table), name: shownName(table) });
  const inOrder = (first: readonly SurveyedTable[]) =>
    [...first, ...facts.tables.filter((table) => !first.includes(table))].map(name);
  const likely = jobCandidates(facts.tables).map(({ table }) => table);
  const jobsTable = await ask.choose(ask.words.whichJobs, inOrder(likely), shownName(proposal.jobs));
  const jobs = facts.tables.find((table) => isCalled(table, jobsTable)) ?? proposal.jobs;
  const held = allocationCandidates(facts.tables, jobs).map(({ table }) => table);
  const none = { value: '', name: ask.words.nothing };
  const offered = held.length > 0 ? [...held.map(name), none] : [none, ...inOrder([])];
  const allocationsTable = await ask.choose(ask.words.whichAllocations, offered);
  return { ...said, jobsTable, allocationsTable: allocationsTable === '' ? null : allocationsTable };
}

async function changeColumns({ ask, proposal, said }: Asking): Promise<Said> {
  const columns = new Map(said.columns);
  for (const { path, value } of openIn(proposal.lines, 'columns')) {
    const table = path.startsWith('schema.allocations') ? proposal.allocations : proposal.jobs;
    if (table === null) continue;
    const offered = table.columns.map(({ name, type }) => ({ value: name, name: `${name} (${type})` }));
    const none = MAY_BE_NONE.test(path) ? [{ value: '', name: ask.words.nothing }] : [];
    const word = path.split('.').at(-1) ?? '';
    const chosen = await ask.choose(
      ask.words.whichColumn(word, shownName(table)),
      [...offered, ...none],
      nameIn(value),
    );
    columns.set(path, chosen === '' ? null : chosen);
  }
  return { ...said, columns };
}

/** What a table may do without. */
const MAY_BE_NONE = /endTime|errorMsg|exitCode|allocationTime|releasedTime|ageColumn/;

const nameIn = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'column' in value ? String(value.column) : String(value);

async function changeStates({ ask, proposal, facts, said }: Asking): Promise<Said> {
  const { jobs, allocations } = proposal;
  const of = async (table: SurveyedTable, path: string, states: string, known: readonly string[]) => {
    const column = table.columns.find(
      ({ name }) => name === valueAt(proposal, `${path}.columns.${states === 'states' ? 'state' : 'status'}`),
    );
    if (column === undefined) return undefined;
    const meant = new Map<string, string>();
    for (const { path: at, value } of proposal.lines) {
      if (!at.startsWith(`${path}.${states}.`)) continue;
      for (const raw of Array.isArray(value) ? value : [value]) meant.set(String(raw), at.split('.').at(-1) ?? '');
    }
    const values = countedValues(column, facts.values(table, column.name));
    return askStates(ask, `${shownName(table)}.${column.name}`, values, known, meant);
  };
  const states = await of(jobs, 'schema.jobs', 'states', JOB_STATES);
  const statuses = allocations && (await of(allocations, 'schema.allocations', 'statuses', RESOURCE_STATUSES));
  return { ...said, ...(states && { states }), ...(statuses && { statuses }) };
}

const valueAt = ({ lines }: Proposal, path: string): unknown => lines.find((line) => line.path === path)?.value;

async function askStates(
  ask: Ask,
  column: string,
  values: readonly Counted[],
  known: readonly string[],
  meant: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string | null>> {
  const said = new Map<string, string | null>();
  for (const { value, rows, hasMore } of values) {
    const question = ask.words.whichState(value, ask.words.rows(counted(rows, hasMore)), column);
    const offered = [...known.map((state) => ({ value: state, name: state })), { value: '', name: ask.words.leave }];
    const state = await ask.choose(question, offered, meant.get(value) ?? '');
    said.set(value, state === '' ? null : state);
  }
  return said;
}

async function changeZone({ ask, said }: Asking): Promise<Said> {
  const timeZone = await ask.zone(ask.words.whichZone);
  return { ...said, timeZone };
}
