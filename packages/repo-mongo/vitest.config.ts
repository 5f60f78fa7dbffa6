import { defineConfig, mergeConfig } from 'vitest/config';
import { inWholeRuns, shared } from '../../vitest.shared.js';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      exclude: inWholeRuns('test/variants.test.ts'),
      globalSetup: '@jobsweep/test-engines/vitest',
      provide: { engines: ['mongodb', 'mongodb-standalone'] },
      // SecantusDB needs a time for thousands of ids that grows with their square.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // SecantusDB works on one core: whoever meets a conflict there waits its turn again behind all that other files ask.
      fileParallelism: false,
    },
  }),
);
