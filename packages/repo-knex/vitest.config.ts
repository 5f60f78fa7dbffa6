import { defineConfig, mergeConfig } from 'vitest/config';
import { inWholeRuns, onPostgres, shared } from '../../vitest.shared.js';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      exclude: [
        ...onPostgres('test/plans/**', 'test/races/**', 'test/traits/!(mysql-*).test.ts'),
        ...inWholeRuns('test/variants.test.ts'),
      ],
      globalSetup: '@jobsweep/test-engines/vitest',
      provide: { engines: ['postgres', 'mysql', 'mariadb', 'tidb'] },
      maxWorkers: 2,
    },
  }),
);
