import { invalidOption } from '../errors.js';
import type { FilterOptions } from '../schema/filters.js';
import { type Filters, resolveFilters } from '../schema/resolve-filters.js';

/** Fills in the defaults. Throws `INVALID_OPTION` for filters that make no sense, or no sense here. */
export function filtersOf(options: FilterOptions | undefined): Filters {
  const filters = resolveFilters(options);
  if (filters.sign !== null)
    throw invalidOption(
      'filters.ageColumn',
      options?.ageColumn,
      'name a column of jobs, there are no other tables in memory',
    );
  const codec = filters.ageColumn?.codec ?? 'instant';
  if (codec === 'instant' || codec === 'utcDateTime') return filters;
  throw invalidOption('filters.ageColumn.codec', codec, 'leave it out, times in memory are instants');
}
