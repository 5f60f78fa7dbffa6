export { defineConfig, type JobsweepConfig } from './cli/config/config.js';
export type {
  BatchEvent,
  ErrorEvent,
  PassEndEvent,
  PassStartEvent,
  RepairedEvent,
  RunnerEvents,
} from './events.js';
export { type Overview, overview, type StrategyOverview } from './overview/overview.js';
export type { Expectation } from './plan/expectation.js';
export { type PlanRoundOptions, planRound, type RoundPlan, type StrategyPlan } from './plan/plan-round.js';
export type { RunReport, StrategyReport, StrategyStatus } from './report.js';
export { createRunner, type Runner, type RunnerOptions, type RunOnceOptions } from './runner.js';
export type { Selection } from './selection.js';
export type { RunnerStatus, StrategyState } from './status.js';
