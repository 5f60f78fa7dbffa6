import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { allocationFields } from '../rows/allocation-row.js';
import type { Condition } from './conditions.js';
import type { Pipeline } from './rules.js';

/** The allocations that belong to the model, where the collection has others too. */
export function ownAllocations(mapping: Mapping): Condition {
  return allocationsOf(mapping).conventions.own;
}

/** The allocations that meet a condition, as rows: of any model, since what another one holds keeps a job alive too. */
export function allocationRows(mapping: Mapping, condition: Condition): Pipeline {
  return [{ $match: condition }, { $project: { _id: 0, ...allocationFields(mapping) } }];
}
