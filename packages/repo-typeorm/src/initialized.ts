import { invalidOption } from '@jobsweep/core';
import type { DataSource } from 'typeorm';

/** Throws `INVALID_OPTION` for a data source that has no metadata and no connections yet, or no longer. */
export function requireInitialized({ isInitialized }: DataSource): void {
  if (isInitialized) return;
  throw invalidOption('dataSource.isInitialized', isInitialized, 'call `await dataSource.initialize()` first');
}
