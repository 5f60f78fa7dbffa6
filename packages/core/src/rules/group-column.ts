import type { Filters } from '../schema/resolve-filters.js';

/** What tells which column that is. */
interface Grouping {
  readonly filters: Pick<Filters, 'keepNewest'>;
  readonly jobs: { readonly columns: { readonly name: string } };
}

/** The column whose values are groups of which the newest jobs stay; `null`: there is none. */
export function groupColumn({ filters: { keepNewest }, jobs }: Grouping): string | null {
  if (keepNewest === null || keepNewest.per === 'all') return null;
  return keepNewest.per === 'name' ? jobs.columns.name : keepNewest.per.column;
}
