import { claimVariants } from './claims.js';
import { guardVariants } from './guards.js';
import { ownTableVariants } from './own-tables.js';
import { progressVariants } from './progress.js';
import { protocolVariants } from './protocol.js';
import { readVariants } from './reads.js';
import type { Variant } from './variant.js';
import { writeVariants } from './writes.js';

/** Faults in the operations of the port and in transactions. */
export const operationVariants: readonly Variant[] = [
  ...readVariants,
  ...guardVariants,
  ...protocolVariants,
  ...writeVariants,
];

/** Faults in claims, history, own tables and totals. */
export const serviceVariants: readonly Variant[] = [...claimVariants, ...progressVariants, ...ownTableVariants];

/** Every fault that the suite is known to find. */
export const variants: readonly Variant[] = [...operationVariants, ...serviceVariants];
