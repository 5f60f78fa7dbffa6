import type { Knex } from 'knex';
import { jobFilters } from '../filters/jobs.js';
import { type AgeRule, isOverOwnLimit } from '../filters/limits.js';
import type { Tables } from '../rows/tables.js';

/** What a write asks of the jobs under an alias once more: that they pass the filters and are over their own limits. */
export function jobGuard(build: Knex, tables: Tables, alias: string, rule?: AgeRule): Knex.Raw[] {
  const filters = jobFilters(build, tables, alias);
  // The age of a reservation is none of the job row's.
  if (rule === undefined || rule === 'staleReservationMinutes') return filters;
  return [...filters, ...isOverOwnLimit(build, tables, rule, alias)];
}
