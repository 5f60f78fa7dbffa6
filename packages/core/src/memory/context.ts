import type { Clock } from '../clock.js';
import type { Filters } from '../schema/resolve-filters.js';
import type { MemoryDatabase } from './engine/database.js';
import { exactTime } from './engine/times.js';
import type { Rules } from './rules.js';

/** What every read and every write is made of. */
export interface Context {
  readonly rules: Rules;
  readonly filters: Filters;
  /** The database's clock, unless the store was given another one. */
  readonly now: () => string;
}

export function contextOf(
  database: MemoryDatabase,
  { clock, filters, rules }: { readonly clock: Clock | undefined; readonly filters: Filters; readonly rules: Rules },
): Context {
  return { rules, filters, now: () => (clock === undefined ? database.now() : exactTime('clock', clock.now())) };
}
