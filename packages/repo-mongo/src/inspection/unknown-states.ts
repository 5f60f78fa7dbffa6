import {
  allOf,
  type Condition,
  EVERY,
  JOB_STATES,
  not,
  RESOURCE_STATUSES,
  type Table,
  type UnknownState,
} from '@jobsweep/core';
import { Stages } from '../driver/stages.js';
import type { Mapping } from '../mapping/mapping.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText } from '../values/bson.js';

/** Values that are told of at most: a field with more of them holds no states. */
const MAX_VALUES = 1000;

/** The values of state fields that nobody mapped, of the documents that the filters let through; the most frequent first. */
export async function unknownStates(session: OpenSession, mapping: Mapping, atMost: number): Promise<UnknownState[]> {
  const { collections, mapped, rules, schema } = mapping;
  const { bson } = collections;
  const statesOf = async (name: UnknownState['table'], table: Table, field: string, where: Condition) => {
    const pipeline = [...new Stages(collections, table, where).match(), ...byFrequency(field)];
    const groups = await session.rows<Group>(collections.of(table).collection, pipeline);
    return groups.map(({ _id, rows }): UnknownState => {
      const value = typeof _id === 'string' || typeof _id === 'number' ? String(_id) : exactText(bson, _id);
      return { table: name, value, rows: Math.min(rows, atMost) };
    });
  };
  const covered = rules.isCovered();
  const ofJobs = allOf(not(rules.inState(...JOB_STATES)), covered);
  const found = await statesOf('jobs', mapped.jobs.rows, schema.jobs.columns.state, ofJobs);
  if (schema.allocations === null) return found;

  const { rows: table } = mapped.allocations;
  const isOfCovered = 'all' in covered && covered.all.length === 0 ? EVERY : rules.ofJob(covered);
  const ofAllocations = allOf(not(rules.inStatus(...RESOURCE_STATUSES)), table.own ?? EVERY, isOfCovered);
  return [...found, ...(await statesOf('allocations', table, schema.allocations.columns.status, ofAllocations))];
}

interface Group {
  readonly _id: unknown;
  readonly rows: number;
}

/** To find that there are none means to look at every document, so those of all values are counted in the same look. */
const byFrequency = (field: string) => [
  { $group: { _id: `$${field}`, rows: { $sum: 1 } } },
  { $sort: { rows: -1, _id: 1 } },
  { $limit: MAX_VALUES },
];
