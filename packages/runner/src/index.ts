export type { BreakerLimits, BreakerOptions } from './breaker/limits.js';
export { defineConfig, type JobsweepConfig } from './cli/config/config.js';
export { type DiagnoseOptions, diagnose } from './doctor/diagnose.js';
export {
  CHECK_NAMES,
  type CheckName,
  type CheckResult,
  type Diagnosis,
  type Finding,
  type IndexState,
  type RuleCost,
  type Severity,
  type Violations,
} from './doctor/diagnosis.js';
export { type Overview, type OverviewOptions, overview, type StrategyOverview } from './history/overview.js';
export { type StopOnSignalsOptions, stopOnSignals } from './lifecycle/stop-on-signals.js';
export type { RunnerOptions } from './options.js';
export { type DashboardSourceOptions, dashboardSource } from './page/dashboard-source.js';
export type { Expectation } from './plan/expectation.js';
export { type PlanRoundOptions, planRound, type RoundPlan, type StrategyPlan } from './plan/plan-round.js';
export type { RunOnceOptions } from './round/round.js';
export type { Selection } from './round/selection.js';
export { createRunner, type Runner, type StopOptions } from './runner.js';
export type { Schedule } from './schedule/schedule.js';
export type { RunnerStatus, StrategyState } from './status.js';
export type { RunnerTiming } from './timing.js';
export type { Listener } from './turn/emitter.js';
export type {
  BatchEvent,
  ErrorEvent,
  PassEndEvent,
  PassStartEvent,
  RepairedEvent,
  RunnerEvents,
  WaitEvent,
} from './turn/events.js';
export type { RunnerHooks } from './turn/hooks.js';
export type { StrategyMode, StrategyModes } from './turn/mode.js';
export type { RunReport, StrategyReport, StrategyStatus } from './turn/report.js';
