import { MASS } from '../facts.js';
import type { Measure } from '../stage.js';
import { archive } from './archive.js';
import { archiver } from './archiver.js';
import { changes } from './changes.js';
import { cost } from './cost.js';
import { drain } from './drain.js';
import { foreground } from './foreground.js';
import { heal } from './heal.js';
import { idle } from './idle.js';
import { mass } from './mass.js';
import { memory } from './memory.js';
import { queues } from './queues.js';

/** By name, everything that can be measured. */
export const WORKLOADS: Readonly<Record<string, Measure>> = {
  ...Object.fromEntries(Object.entries(MASS).map(([name, facts]) => [name, mass(name, facts)])),
  drain,
  idle: idle('idle', 0),
  'idle-live': idle('idle-live', 1),
  heal,
  memory,
  cost,
  foreground,
  archive,
  archiver,
  queues,
  changes,
};

/** Those that speak no SQL. */
export const ON_MONGODB: readonly string[] = ['purge', 'release', 'stale', 'fail', 'changes', 'archive'];
