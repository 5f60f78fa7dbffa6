export { MemoryDatabase, type Seed } from './engine/database.js';
export type {
  AllocationInput,
  AllocationRow,
  ClaimRow,
  HistoryRow,
  Inputs,
  JobInput,
  JobRow,
  MemoryValue,
  NewRow,
  OwnTableName,
  Rows,
  TableName,
  TimeInput,
} from './engine/rows.js';
export { MemorySession, type SessionOptions } from './engine/session.js';
export type { View } from './engine/view.js';
export { memoryStore } from './memory-store.js';
export type { MemoryStoreOptions } from './options.js';
export { claimId } from './own/claims.js';
export { MemoryCleanupRepository } from './repository.js';
