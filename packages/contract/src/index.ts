export type {
  AllocationRow,
  Application,
  ArchiveSide,
  Change,
  Cluster,
  Columns,
  ContractSubject,
  Driven,
  Elsewhere,
  IdKind,
  Insertion,
  JobRow,
  Layout,
  OtherSide,
  OwnTablesSide,
  Seed,
  SuiteCapabilities,
  SuiteStoreOptions,
  TableName,
  Tables,
  Value,
} from './cluster.js';
export { describeCleanupStore, describeOperations } from './describe-cleanup-store.js';
export { describeDriver } from './driver/describe-driver.js';
export { describeVariants } from './variants/describe-variants.js';
