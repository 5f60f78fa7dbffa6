import type { ViteUserConfig } from 'vitest/config';

/** What every package's tests share. The JSON results feed the closing table of `npm test`. */
export const shared = {
  test: {
    include: ['test/**/*.test.ts'],
    // A file about engines that ENGINES leaves out has no tests then, and the end of the run says which those are.
    passWithNoTests: process.env.ENGINES !== undefined,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
} satisfies ViteUserConfig;
