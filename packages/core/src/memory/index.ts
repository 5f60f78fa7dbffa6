export { MemoryDatabase, type Seed } from './engine/database.js';
export type {
  AllocationInput,
  AllocationRow,
  Inputs,
  JobInput,
  JobRow,
  MemoryValue,
  NewRow,
  OwnRow,
  OwnTableName,
  Rows,
  TableName,
  TimeInput,
} from './engine/rows.js';
export { MemorySession, type SessionOptions } from './engine/session.js';
export type { View } from './engine/view.js';
export { memoryStore } from './memory-store.js';
export type { MemoryStoreOptions } from './options.js';
export { MemoryCleanupRepository } from './repository.js';
