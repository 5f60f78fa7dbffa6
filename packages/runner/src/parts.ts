import type { CleanupStrategy, Logger } from '@jobsweep/core';
import type { Connection } from './connection/connection.js';
import type { Timetable } from './schedule/timetable.js';
import type { RunnerSettings } from './settings.js';
import type { Emitter } from './turn/emitter.js';
import type { StrategyMode } from './turn/mode.js';
import type { Turns } from './turn/turns.js';

/** What a runner is made of once its options are read. */
export interface RunnerParts<Session> {
  readonly connection: Connection<Session>;
  /** In the order of their turns. */
  readonly strategies: readonly CleanupStrategy<Session>[];
  readonly timetables: ReadonlyMap<string, Timetable>;
  readonly modes: ReadonlyMap<string, StrategyMode>;
  readonly turns: Turns<Session>;
  readonly emitter: Emitter;
  readonly settings: RunnerSettings;
  readonly logger: Logger;
}
