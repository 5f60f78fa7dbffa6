import { defineConfig, mergeConfig } from 'vitest/config';
import { inWholeRuns, onPostgres, shared } from '../../vitest.shared.js';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      exclude: [
        ...onPostgres(
          'test/*/*on-postgres.test.ts',
          'test/round/dry-run.test.ts',
          'test/turn/{statements,timeout}.test.ts',
          'test/cli/{init,start}.test.ts',
        ),
        // A minute, and a browser.
        ...inWholeRuns('test/page/browser*.test.ts'),
      ],
      globalSetup: '@jobsweep/test-engines/vitest',
      provide: { engines: ['postgres', 'mysql', 'mariadb', 'mongodb'] },
    },
  }),
);
