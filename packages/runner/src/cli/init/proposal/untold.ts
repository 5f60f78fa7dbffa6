import type { Counted } from './lines.js';

/** Why nothing can be proposed. */
export type Untold =
  /** No table looks like jobs. */
  | { readonly kind: 'noJobs' }
  /** There is no table of this name. */
  | { readonly kind: 'noTable'; readonly table: string }
  | { readonly kind: 'noKey'; readonly table: string }
  | { readonly kind: 'noState'; readonly table: string }
  | { readonly kind: 'noStart'; readonly table: string }
  /** Nobody can tell which values of its state mean what must be known: numbers say nothing, and some words little. */
  | {
      readonly kind: 'statesUnknown';
      readonly table: string;
      readonly column: string;
      readonly values: readonly Counted[];
    };
