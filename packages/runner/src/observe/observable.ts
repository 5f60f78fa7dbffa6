import type { CleanupStrategy } from '@jobsweep/core';
import type { RunnerStatus } from '../status.js';
import type { RunnerEvents } from '../turn/events.js';

/** The part of a runner that can be watched. */
export interface ObservableRunner {
  readonly strategies: readonly Pick<CleanupStrategy<never>, 'name' | 'rule'>[];
  status(): RunnerStatus;
  /** Listens, and returns what ends it. */
  on<Name extends keyof RunnerEvents>(name: Name, listener: (event: RunnerEvents[Name]) => void): () => void;
}
