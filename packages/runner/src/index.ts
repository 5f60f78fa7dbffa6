export type {
  BatchEvent,
  ErrorEvent,
  PassEndEvent,
  PassStartEvent,
  RepairedEvent,
  RunnerEvents,
} from './events.js';
export type { RunReport, StrategyReport, StrategyStatus } from './report.js';
export { createRunner, type Runner, type RunnerOptions, type RunOnceOptions } from './runner.js';
export type { Selection } from './selection.js';
export type { RunnerStatus, StrategyState } from './status.js';
