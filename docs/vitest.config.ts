import { defineConfig, mergeConfig } from 'vitest/config';
import { onPostgres, shared } from '../vitest.shared.js';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      exclude: onPostgres(
        'test/{cli,two-runners,demo,deploy-start,examples,indexes,observability,privileges,shell}.test.ts',
      ),
      globalSetup: '@jobsweep/test-engines/vitest',
      provide: { engines: ['postgres', 'mariadb', 'mongodb'] },
      testTimeout: 60_000,
    },
  }),
);
