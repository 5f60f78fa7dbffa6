import type { KnexStoreOptions } from '../../../src/index.js';

/** A store whose operations fail when they wait for a lock, and are not tried again. */
export const NEVER_WAITING: KnexStoreOptions = { lockTimeoutSeconds: 0.2, maxAttempts: 1 };
