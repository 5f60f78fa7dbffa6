import type { CleanupStore } from '@jobsweep/core';
import { type MemoryDatabase, type MemorySession, type MemoryStoreOptions, memoryStore } from '@jobsweep/core/memory';
import type { StoreFactory } from '../support/memory-subject.js';

type Store = CleanupStore<MemorySession>;

/** A store with some of its parts replaced. */
export const withParts =
  (replaced: (store: Store, database: MemoryDatabase, options: MemoryStoreOptions) => Partial<Store>): StoreFactory =>
  (database, options = {}) => {
    const store = memoryStore(database, options);
    return { ...store, ...replaced(store, database, options) };
  };
