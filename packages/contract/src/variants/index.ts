import { archiveVariants } from './archive.js';
import { changeVariants } from './changes.js';
import { claimVariants } from './claims.js';
import { driverLockVariants } from './drivers/locks.js';
import { driverReadVariants } from './drivers/reads.js';
import { driverRelatedVariants } from './drivers/related.js';
import { driverSingleRowVariants } from './drivers/single-rows.js';
import { driverWriteVariants } from './drivers/writes.js';
import { guardVariants } from './guards.js';
import { ownTableVariants } from './own-tables.js';
import { progressVariants } from './progress.js';
import { protocolVariants } from './protocol.js';
import { readVariants } from './reads.js';
import type { Variant } from './variant.js';
import { writeVariants } from './writes.js';

/** Every fault that the suite is known to find. */
export const variants: readonly Variant[] = [
  // In the operations of the port and in transactions.
  ...readVariants,
  ...guardVariants,
  ...protocolVariants,
  ...archiveVariants,
  ...writeVariants,
  // In claims, history, own tables and totals.
  ...claimVariants,
  ...changeVariants,
  ...progressVariants,
  ...ownTableVariants,
  // Drivers that lie.
  ...driverReadVariants,
  ...driverLockVariants,
  ...driverRelatedVariants,
  ...driverWriteVariants,
  ...driverSingleRowVariants,
];
