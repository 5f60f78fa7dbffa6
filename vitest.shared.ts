import type { ViteUserConfig } from 'vitest/config';

/** What every package's tests share. The JSON results feed the closing table of `npm test`. */
export const shared = {
  test: {
    include: ['test/**/*.test.ts'],
    // A file about engines that ENGINES leaves out has no tests then, and the end of the run says which those are.
    passWithNoTests: process.env.ENGINES !== undefined,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
    // Files share nothing but the servers, and put back what they change in the process; a process each costs more than
    // most of their tests.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests that say that they are concurrent do nothing but wait.
    maxConcurrency: 30,
  },
} satisfies ViteUserConfig;

/**
 * Test files that are about PostgreSQL alone, as `exclude`: they go with it when ENGINES leaves it out, and the end of the
 * run says that it is left out.
 */
export function onPostgres(...files: string[]): string[] {
  const { ENGINES } = process.env;
  return ENGINES && !ENGINES.split(',').some((name) => name.trim() === 'postgres') ? files : [];
}

/** Test files that only a whole run has, as `exclude`: the end of any other run says so. */
export function inWholeRuns(...files: string[]): string[] {
  return process.env.SUITE ? [] : files;
}
