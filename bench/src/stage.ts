import type { EngineName, EngineServer } from '@jobsweep/test-engines';
import type { Adapter } from './jobsweep.js';
import type { Finding } from './results/result.js';

/** What a workload is measured with: one server, and who takes part. */
export interface Stage {
  readonly engine: EngineName;
  readonly server: EngineServer;
  readonly adapters: readonly Adapter[];
  readonly rows: number;
  readonly rounds: number;
  /** Also what takes hours. */
  readonly isLong: boolean;
  /** A new database, which goes when the stage does. */
  database(): Promise<string>;
}

/** Measures a workload, and gives each finding as soon as there is one. */
export type Measure = (stage: Stage) => AsyncIterable<Finding>;
