import { guardVariants } from './guards.js';
import { protocolVariants } from './protocol.js';
import { readVariants } from './reads.js';
import type { Variant } from './variant.js';
import { writeVariants } from './writes.js';

/** Every fault that the suite is known to find. */
export const variants: readonly Variant[] = [...readVariants, ...guardVariants, ...protocolVariants, ...writeVariants];
