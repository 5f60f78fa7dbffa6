import type { EngineName } from '@jobsweep/test-engines';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { DataSource as OldestDataSource } from 'typeorm-oldest';

/** Both ends of the range that the package accepts. */
const RELEASES = ['newest', 'oldest'] as const;

export type Release = (typeof RELEASES)[number];

/** As TypeORM calls its databases too. */
export type SqlEngine = Extract<EngineName, 'postgres' | 'mysql' | 'mariadb'>;

/** Each release on each engine of the run. */
export const onEach = RELEASES.flatMap((release) =>
  (enginesOfRun() as readonly SqlEngine[]).map((engine) => ({ release, engine })),
);

/** A data source on a database of the run, with options of the user's. */
export function dataSourceOf(
  engine: SqlEngine,
  url: string,
  { release = 'newest', ...given }: DataSourceChoice = {},
): DataSource {
  // Without it a Date is written in the zone of this process.
  const zone = engine === 'postgres' ? {} : { timezone: 'Z' };
  const options = { type: engine, url, poolSize: 4, ...zone, ...given } as DataSourceOptions;
  // To the compiler two releases are two libraries; an adapter that uses only what both have is given either.
  return release === 'newest'
    ? new DataSource(options)
    : (new OldestDataSource(options as never) as unknown as DataSource);
}

interface DataSourceChoice extends Partial<Pick<DataSourceOptions, 'entities' | 'entityPrefix' | 'namingStrategy'>> {
  readonly release?: Release;
  readonly poolSize?: number;
  readonly schema?: string;
  readonly logger?: DataSourceOptions['logger'];
  readonly replication?: object;
}
