import { defineConfig, mergeConfig } from 'vitest/config';
import { onPostgres, shared } from '../../vitest.shared.js';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      exclude: onPostgres('test/entities/mistakes.test.ts'),
      globalSetup: '@jobsweep/test-engines/vitest',
      provide: { engines: ['postgres', 'mysql', 'mariadb'] },
      maxWorkers: 2,
    },
  }),
);
