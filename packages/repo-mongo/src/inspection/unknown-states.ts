import { JOB_STATES, RESOURCE_STATUSES, type UnknownState } from '@jobsweep/core';
import type { Mapping } from '../mapping/mapping.js';
import { ownAllocations } from '../reads/allocation-rows.js';
import { all } from '../reads/conditions.js';
import { jobFilters } from '../reads/filters.js';
import { type Pipeline, withJob } from '../reads/rules.js';
import { allocationFields } from '../rows/allocation-row.js';
import type { OpenSession } from '../session/open-session.js';
import { type Bson, exactText } from '../values/bson.js';

/** Values that are told of at most: a field with more of them holds no states. */
const MAX_VALUES = 1000;

/** The values of state fields that nobody mapped, of the documents that the filters let through; the most frequent first. */
export async function unknownStates(session: OpenSession, mapping: Mapping, atMost: number): Promise<UnknownState[]> {
  const { bson, jobs, allocations } = mapping;
  const { state } = jobs.fields;
  const unknown = { [state]: { $nin: jobs.states.rawOf(...JOB_STATES) } };
  const ofJobs: Pipeline = [{ $match: all(unknown, jobFilters(mapping)) }, ...byFrequency(state)];
  const found = toStates(bson, 'jobs', await session.rows<Group>(jobs.collection, ofJobs), atMost);
  if (allocations === null) return found;

  const { fields, statuses } = allocations;
  const among = all(ownAllocations(mapping), { [fields.status]: { $nin: statuses.rawOf(...RESOURCE_STATUSES) } });
  const filters = jobFilters(mapping, 'job.');
  const ofAllocations: Pipeline = [
    { $match: among },
    { $project: { _id: 0, ...allocationFields(mapping) } },
    ...(Object.keys(filters).length > 0 ? [...withJob(mapping), { $match: filters }] : []),
    ...byFrequency('astatus'),
  ];
  const rows = await session.rows<Group>(allocations.collection, ofAllocations);
  return [...found, ...toStates(bson, 'allocations', rows, atMost)];
}

interface Group {
  readonly _id: unknown;
  readonly rows: number;
}

/** To find that there are none means to look at every document, so those of all values are counted in the same look. */
const byFrequency = (field: string): Pipeline => [
  { $group: { _id: `$${field}`, rows: { $sum: 1 } } },
  { $sort: { rows: -1, _id: 1 } },
  { $limit: MAX_VALUES },
];

function toStates(bson: Bson, table: UnknownState['table'], groups: readonly Group[], atMost: number): UnknownState[] {
  return groups.map(({ _id, rows }) => ({
    table,
    value: typeof _id === 'string' || typeof _id === 'number' ? String(_id) : exactText(bson, _id),
    rows: Math.min(rows, atMost),
  }));
}
