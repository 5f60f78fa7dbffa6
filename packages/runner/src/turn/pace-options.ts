import type { PassOptions } from '@jobsweep/core';
import type { RunnerOptions } from '../options.js';

/** How fast passes go, as a runner was told. */
export const paceOptions = ({
  batchRows,
  maxRowsPerPass,
  pauseFraction,
  pacing,
}: Pick<RunnerOptions<never>, 'batchRows' | 'maxRowsPerPass' | 'pauseFraction' | 'pacing'>): PassOptions<never> => ({
  ...(batchRows !== undefined && { batchRows }),
  ...(maxRowsPerPass !== undefined && { maxRows: maxRowsPerPass }),
  ...(pauseFraction !== undefined && { pauseFraction }),
  ...(pacing !== undefined && { pacing }),
});
