import { defineConfig, mergeConfig } from 'vitest/config';
import { inWholeRuns, onPostgres, shared } from '../../vitest.shared.js';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      exclude: [...onPostgres('**'), ...inWholeRuns('test/variants.test.ts')],
      globalSetup: '@jobsweep/test-engines/vitest',
    },
  }),
);
