import type { EngineName } from '@jobsweep/test-engines';
import type { Stage } from './stage.js';

export interface Trial {
  readonly name: string;
  /** One line for the table: what is done. */
  readonly does: string;
  readonly engines: readonly EngineName[];
  /** Where the short form runs it. */
  readonly short: readonly EngineName[];
  /** Sets up, inflicts, heals and judges; what is not so becomes a finding of the stage. */
  run(stage: Stage): Promise<void>;
}

export const SQL: readonly EngineName[] = ['postgres', 'mysql', 'mariadb'];
export const ALL: readonly EngineName[] = [...SQL, 'mongodb'];

/** Thrown by a trial that cannot be made here; the table says why. */
export class Skipped extends Error {}
