export type { AdapterModule, ConnectionOptions, OpenedStore } from './adapter.js';
export type { Archive, ArchivedJob, Restored } from './archive/archive.js';
export type { ArchiveTables } from './archive/archive-tables.js';
export { driverArchive } from './archive/driver-archive.js';
export { planRestore, Restore, type RestoreOf, type RestorePlan } from './archive/restore.js';
export type { Staying, StayingRow } from './archive/staying.js';
export { type Bounds, type BoundsOptions, boundsOf } from './bounds.js';
export {
  type Change,
  type ChangeCounts,
  type Changes,
  type ChangesOf,
  type ChangesOptions,
  LEFT_REASONS,
  type LeftReason,
  type PutBack,
  type ShownValues,
} from './changes/changes.js';
export { type Left, planUndo, Undo, type UndoOf, type UndoPlan } from './changes/undo.js';
export type { Clock } from './clock.js';
export {
  type BreakerFigures,
  type DashboardSource,
  PAGE_TOKEN,
  type WatchedBacklog,
  type WatchedChange,
  type WatchedCommand,
  type WatchedDiagnosis,
  type WatchedFinding,
  type WatchedPlan,
  type WatchedStrategies,
  type WatchedStrategy,
} from './dashboard-source.js';
export { ANSWER_SECONDS, Deadline, type DeadlineOptions } from './deadline.js';
export {
  allOf,
  anyOf,
  type Condition,
  columnsIn,
  EVERY,
  isIn,
  linksIn,
  not,
  partsOf,
  singleParts,
  singleValuesIn,
} from './driver/condition.js';
export type {
  Abilities,
  Cascade,
  Copy,
  Counted,
  CountQuery,
  Driver,
  DriverValues,
  Locked,
  LockMode,
  Query,
  RelatedQuery,
  ServerSessions,
  Summed,
  SumQuery,
  Tx,
  Update,
} from './driver/driver.js';
export {
  type Exact,
  exactUnset,
  type Key,
  keyText,
  microsOf,
  secondsToMicros,
  toMicros,
} from './driver/exact.js';
export { ISO_TEXT, isoOf, isoTextBefore, isoTextOf, microsOfIsoText } from './driver/iso-text.js';
export type { Assignment, Assignments, Label, Labels, Row, RowTexts, Selection, Write } from './driver/row.js';
export { type ColumnShape, type Misfit, misfitsOf } from './driver/shape.js';
export type { SingleRows, Taking } from './driver/single-rows.js';
export { type Link, type Newer, SHOWN_CHARACTERS, type Table } from './driver/table.js';
export { type DatabaseWords, databaseWords, errorText } from './error-text.js';
export {
  asError,
  commitUnknown,
  ERROR_CODES,
  type ErrorCode,
  insteadOf,
  invalidOption,
  invalidSchema,
  isJobsweepError,
  isWorthWaitingFor,
  JobsweepError,
  type JobsweepErrorOptions,
  type Retry,
  rejectUnknown,
  retryOf,
  throwIfAborted,
  unknownIfLost,
} from './errors.js';
export { type Attempts, inAttempts } from './in-attempts.js';
export type {
  Catalog,
  ColumnFacts,
  IndexFacts,
  StateColumn,
  StateCount,
  TableFacts,
} from './inspection/catalog.js';
export type { ColumnKind } from './inspection/column-kind.js';
export type {
  DuePartition,
  IndexAdvice,
  JobReference,
  MissingPrivilege,
  OldSnapshot,
  PrivilegeOptions,
  ReadCost,
  StoreDiagnosis,
  UnknownState,
  UnknownStatesOptions,
} from './inspection/diagnosis.js';
export type { InspectOptions, SchemaInspectOptions } from './inspection/inspect-options.js';
export type {
  DependentCount,
  MeasureOptions,
  SchemaFinding,
  ServerInfo,
  StoreInspection,
  Totals,
  TotalsOptions,
} from './inspection/inspection.js';
export { type InspectionParts, inspectionOn } from './inspection/inspection-on.js';
export { whyNotIsoText } from './inspection/iso-texts.js';
export { linkNames, plainName } from './inspection/link-names.js';
export type { MappedColumn, MappedTable } from './inspection/mapped-columns.js';
export type { Deed, Need } from './inspection/needs.js';
export { mistakeInWords, schemaFinding } from './inspection/schema-finding.js';
export type { MistakeAt, MistakeTexts, MistakeWords, SchemaMistake } from './inspection/schema-mistake.js';
export type {
  StoreSurvey,
  SurveyedColumn,
  SurveyedName,
  SurveyedPlace,
  SurveyedReference,
  SurveyedTable,
  SurveyedValues,
} from './inspection/survey.js';
export { type Logger, type LogLevel, safeLogger, silentLogger } from './logger.js';
export * from './model.js';
export { DEFAULT_BATCH_ROWS } from './pass/batch-size.js';
export { checkHooks, type HookOptions, type RepairHooks } from './pass/hooks.js';
export { type PassPlan, PLAN_AT_MOST, type PlanOptions, planPass } from './pass/plan-pass.js';
export type { PlanSample } from './pass/plan-sample.js';
export { checkProbe, type Probe, probeReader, type Reading, type ReadingOptions, type Wait } from './pass/probe.js';
export { type RefusedRows, refusedRows } from './pass/refused.js';
export type { BlockedRow, PassCounts, PassResult, StopReason } from './pass/result.js';
export { type PassStore, runPass } from './pass/run-pass.js';
export { checkPassOptions, type Pacing, type PassOptions } from './pass/settings.js';
export type { PassTiming } from './pass/timing.js';
export type { Context, ContextParts } from './protocol/context.js';
export { DriverRepository } from './repository/driver-repository.js';
export type {
  CleanupRepository,
  CountOptions,
  GetCompletedOptions,
  GetOldJobsOptions,
  GetOptions,
  GetStaleOptions,
  GetStuckJobsOptions,
  Settling,
  StaleOf,
  WaitingOf,
  WriteOptions,
  WriteOutcome,
} from './repository.js';
export { type Archive as MappedArchive, Mapped, type MappedParts, type TouchedColumns } from './rules/mapped.js';
export { requireRule } from './rules/require-rule.js';
export { Rows } from './rules/rows.js';
export { Rules } from './rules/rules.js';
export { supportedStrategies } from './rules/supported.js';
export { Values } from './rules/values.js';
export type { ArchiveOption } from './schema/archive.js';
export type {
  ColumnTest,
  ColumnValue,
  ConditionOption,
  ExistsOption,
  RowCondition,
} from './schema/conditions.js';
export type { DependentOption, DependentsOption } from './schema/dependents.js';
export type { FilterOptions, KeepNewestOption, LimitsOption, SignOption } from './schema/filters.js';
export * from './schema/mapping.js';
export { type AllocationsTable, type JobsTable, resolveSchema, type Schema } from './schema/resolve.js';
export { type Dependent, type Dependents, withNested } from './schema/resolve-dependents.js';
export { type Filters, resolveFilters } from './schema/resolve-filters.js';
export { States } from './schema/states.js';
export { type TimeColumn, timeColumn } from './schema/time-column.js';
export type { ClaimRow } from './service/claim-row.js';
export {
  type Approval,
  type Claim,
  type ClaimAnswer,
  type ClaimRequest,
  type ClaimState,
  type Claims,
  DEFAULT_CONFIG,
  type KeptChanges,
  type OperatorRequest,
  type Pause,
  type PauseRequest,
  type TurnOutcome,
  type TurnProgress,
} from './service/claims.js';
export { KEPT_SAMPLES } from './service/history-rows.js';
export type {
  HistoryEntry,
  HistoryOptions,
  HistorySpan,
  HistoryTotalsOptions,
  Journal,
  PassEntry,
} from './service/journal.js';
export { NO_PROGRESS } from './service/no-progress.js';
export type { ServiceParts, TurnParts } from './service/own.js';
export {
  CLAIM_COLUMNS,
  HISTORY_COLUMNS,
  OWN_TABLE_NAMES,
  OWN_TABLES,
  type OwnColumn,
  type OwnColumns,
  type OwnTableName,
  timeColumns,
} from './service/own-columns.js';
export {
  nameOf,
  type OwnTableRules,
  type OwnTableSet,
  type OwnTablesOption,
  ownTableSet,
} from './service/own-names.js';
export type { OwnTableState, OwnTables } from './service/own-tables.js';
export { CONFIG_NAME, checkConfigName } from './service/requests.js';
export { createService } from './service/service.js';
export { ABANDONED_NOTE, TurnRules } from './service/turn-rules.js';
export { withoutOwnTables } from './service/without-own-tables.js';
export type { CleanupStore, StoreCapabilities, TransactionOptions } from './store.js';
export type { StoreParts } from './store-parts.js';
export { BaseCleanupStrategy, type StrategyOptions } from './strategies/base.js';
export { CompletedJobCleanupStrategy, type CompletedJobOptions } from './strategies/completed-job-cleanup.js';
export { type CreateStrategiesOptions, createStrategies } from './strategies/create-strategies.js';
export type { StrategyDefinition } from './strategies/definitions.js';
export { STRATEGY_NAMES, type StrategyName, USUAL_STRATEGY_NAMES, type UsualStrategyName } from './strategies/names.js';
export { OldJobCleanupStrategy, type OldJobOptions } from './strategies/old-job-cleanup.js';
export {
  OrphanedAllocationCleanupStrategy,
  type OrphanedAllocationOptions,
} from './strategies/orphaned-allocation-cleanup.js';
export type { RequeueOption } from './strategies/requeue.js';
export type { Rule } from './strategies/rule.js';
export {
  StaleReservationCleanupStrategy,
  type StaleReservationOptions,
} from './strategies/stale-reservation-cleanup.js';
export type {
  CleanupOptions,
  CleanupResult,
  CleanupStrategy,
  StrategyMetadata,
} from './strategies/strategy.js';
export { StuckJobCleanupStrategy, type StuckJobOptions } from './strategies/stuck-job-cleanup.js';
export { WaitingJobCleanupStrategy, type WaitingJobOptions } from './strategies/waiting-job-cleanup.js';
export { type Locale, presets } from './texts/presets.js';
export type { Samples, Texts } from './texts/texts.js';
export {
  type RunSettings,
  type RunTransaction,
  type TransactionBounds,
  type TransactionSteps,
  transactionsOn,
} from './transactions-on.js';
export {
  byServerCode,
  type DriverErrors,
  denied,
  type Translation,
  type Translator,
  translations,
  translatorOf,
  unavailable,
} from './translation.js';
export { visible, visibleJson } from './visible.js';
export { withoutSecrets } from './without-secrets.js';
