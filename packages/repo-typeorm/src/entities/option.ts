import { type AllocationsTableOption, invalidOption, type JobsTableOption, rejectUnknown } from '@jobsweep/core';
import type { EntityTarget, ObjectLiteral } from 'typeorm';

/** An entity of the data source: its class, its `EntitySchema` or its name. */
export type Entity = EntityTarget<ObjectLiteral>;

type ColumnOf<Table extends { readonly columns?: object }> = keyof NonNullable<Table['columns']>;

/** An entity whose properties have names of their own. */
export interface NamedEntity<Column extends string> {
  readonly target: Entity;
  /**
   * The property of each of jobsweep's words, inside an embedded one as a path: `times.start`. `null` for a word that
   * may be absent. Default: the property of that name; of `id` the primary column, of `jobId` the relation to the job.
   */
  readonly properties?: { readonly [Word in Column]?: string | null };
}

/**
 * The user's entities. One that is left out has the default table, or that of `schema`.
 *
 * @example
 * const entities: EntitiesOption = {
 *   jobs: { target: Work, properties: { startTime: 'startedAt', exitCode: null } },
 *   allocations: Booking,
 * };
 */
export interface EntitiesOption {
  readonly jobs?: Entity | NamedEntity<ColumnOf<JobsTableOption>>;
  readonly allocations?: Entity | NamedEntity<ColumnOf<AllocationsTableOption>>;
}

/**
 * An entity option in its long form. Throws `INVALID_OPTION` for what is no such option.
 *
 * @param words jobsweep's words for the columns of the table.
 */
export function named<Column extends string>(
  path: string,
  option: Entity | NamedEntity<Column>,
  words: readonly Column[],
): NamedEntity<Column> {
  if (!['object', 'function', 'string'].includes(typeof option) || (option as unknown) === null) {
    throw invalidOption(path, option, 'give an entity or leave it out; without allocations schema.allocations is null');
  }
  if (typeof option !== 'object' || !('target' in option)) return { target: option };
  rejectUnknown(path, option, ['target', 'properties']);
  rejectUnknown(`${path}.properties`, option.properties ?? {}, words);
  return option;
}
