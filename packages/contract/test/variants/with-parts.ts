import type { Claims, CleanupStore } from '@jobsweep/core';
import { type MemoryDatabase, type MemorySession, type MemoryStoreOptions, memoryStore } from '@jobsweep/core/memory';
import type { StoreFactory } from '../support/memory-subject.js';
import { ClaimRows } from './claim-rows.js';

type Store = CleanupStore<MemorySession>;

/** A store with some of its parts replaced. */
export const withParts =
  (replaced: (store: Store, database: MemoryDatabase, options: MemoryStoreOptions) => Partial<Store>): StoreFactory =>
  (database, options = {}) => {
    const store = memoryStore(database, options);
    return { ...store, ...replaced(store, database, options) };
  };

/** A store whose claims do some things in another way. */
export const withClaims = (
  replaced: (claims: Claims<MemorySession>, rows: ClaimRows, store: Store) => Partial<Claims<MemorySession>>,
): StoreFactory =>
  withParts((store, database) => {
    const { claims } = store;
    return { claims: { ...claims, ...replaced(claims, new ClaimRows(database), store) } };
  });
