import type { SqlStoreOptions } from '@jobsweep/sql';
import type { EntitiesOption } from './entities/option.js';

/** Options of `typeormStore`. */
export interface TypeormStoreOptions extends SqlStoreOptions {
  /**
   * The entities of the two tables, which the mapping is read from: `schema` and `touch` are needed only for what
   * they do not say, and go before them, property by property. Default: none.
   */
  readonly entities?: EntitiesOption;
}
