import { throwIfAborted } from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { ownAllocations } from '../reads/allocation-rows.js';
import { all, isNoneOf } from '../reads/conditions.js';
import { isAfter, sortOf } from '../reads/order.js';
import type { Pipeline } from '../reads/rules.js';
import { allocationFields } from '../rows/allocation-row.js';
import type { OpenSession } from '../session/open-session.js';

/** Allocations that one command looks up the jobs of. */
const PAGE_ROWS = 5000;

interface Row {
  readonly aid: unknown;
  readonly isOrphan: boolean;
}

/** How commands reach the server: each page in a transaction of its own, since all of them may take long. */
export type Look = <Answer>(question: (session: OpenSession) => Promise<Answer>) => Promise<Answer>;

/** Counts allocations whose job does not exist, or that name none, and that are not released, page by page. */
export async function countOrphans(
  mapping: Mapping,
  look: Look,
  atMost: number,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  if (mapping.allocations === null) return null;
  let orphans = 0;
  let last: Row | undefined;
  do {
    throwIfAborted(signal);
    const pipeline = pageAfter(mapping, last);
    const rows = await look((session) => session.rows<Row>(allocationsOf(mapping).collection, pipeline));
    orphans += rows.filter(({ isOrphan }) => isOrphan).length;
    last = rows.length === PAGE_ROWS ? rows.at(-1) : undefined;
  } while (last !== undefined && orphans < atMost);
  return Math.min(orphans, atMost);
}

function pageAfter(mapping: Mapping, last: Row | undefined): Pipeline {
  const { fields, idType, statuses } = allocationsOf(mapping);
  const { collection, fields: ofJobs } = mapping.jobs;
  const order = { idField: fields.id, idType };
  const from = { from: collection.collectionName, localField: 'ajob', foreignField: ofJobs.id, as: 'job' };
  return [
    {
      $match: all(
        ownAllocations(mapping),
        isNoneOf(fields.status, statuses.rawOf('RELEASED')),
        last === undefined ? {} : isAfter(order, { id: last.aid }),
      ),
    },
    { $sort: sortOf(order) },
    { $limit: PAGE_ROWS },
    { $project: { _id: 0, ...allocationFields(mapping) } },
    { $lookup: from },
    { $project: { aid: 1, isOrphan: { $eq: ['$job', []] } } },
  ];
}
