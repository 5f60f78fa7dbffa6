import { MASS } from '../facts.js';
import type { Measure } from '../stage.js';
import { drain } from './drain.js';
import { idle } from './idle.js';
import { mass } from './mass.js';

/** By name, everything that can be measured. */
export const WORKLOADS: Readonly<Record<string, Measure>> = {
  ...Object.fromEntries(Object.entries(MASS).map(([name, facts]) => [name, mass(name, facts)])),
  drain,
  idle: idle('idle', 100),
  'idle-live': idle('idle-live', 100_000),
};
