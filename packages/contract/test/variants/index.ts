import { claimVariants } from './claims.js';
import type { DriverVariant } from './drivers/driver-variant.js';
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
import type { Fault, Variant } from './variant.js';
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

/** Drivers that lie. */
export const driverVariants: readonly DriverVariant[] = [
  ...driverReadVariants,
  ...driverLockVariants,
  ...driverRelatedVariants,
  ...driverWriteVariants,
  ...driverSingleRowVariants,
];

/** Every fault that the suite is known to find. */
export const variants: readonly Fault[] = [...operationVariants, ...serviceVariants, ...driverVariants];
