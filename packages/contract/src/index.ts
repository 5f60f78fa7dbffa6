export type {
  AllocationRow,
  Change,
  Cluster,
  Columns,
  ContractSubject,
  Insertion,
  JobRow,
  OtherSide,
  Seed,
  SuiteStoreOptions,
  TableName,
  Tables,
  Value,
} from './cluster.js';
export { describeCleanupStore } from './describe-cleanup-store.js';
