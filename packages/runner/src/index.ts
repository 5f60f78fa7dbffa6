export type { RunReport, StrategyReport, StrategyStatus } from './report.js';
export { createRunner, type Runner, type RunnerOptions, type RunOnceOptions } from './runner.js';
export type { Selection } from './selection.js';
