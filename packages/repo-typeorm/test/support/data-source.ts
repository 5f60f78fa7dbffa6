import { DataSource } from 'typeorm';
import { DataSource as OldestDataSource } from 'typeorm-oldest';

/** Both ends of the range that the package accepts. */
export const RELEASES = ['newest', 'oldest'] as const;

/** A data source on a database of the run. */
export function dataSourceOf(url: string, { release = 'newest', poolSize = 4 }: DataSourceChoice = {}): DataSource {
  const type = url.startsWith('postgres:') ? 'postgres' : 'mysql';
  const options = { type, url, poolSize } as const;
  // To the compiler two releases are two libraries; an adapter that uses only what both have is given either.
  return release === 'newest' ? new DataSource(options) : (new OldestDataSource(options) as unknown as DataSource);
}

interface DataSourceChoice {
  readonly release?: (typeof RELEASES)[number];
  readonly poolSize?: number;
}
