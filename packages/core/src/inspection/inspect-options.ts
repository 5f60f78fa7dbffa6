import type { Rule } from '../strategies/rule.js';

/** Ends a look at the database. */
export interface InspectOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What is looked for in the tables besides what is mapped. */
export interface SchemaInspectOptions extends InspectOptions {
  /** Rules of strategies, which may name columns of their own: those of `requeue`. Default: none. */
  readonly rules?: readonly Rule[];
}
