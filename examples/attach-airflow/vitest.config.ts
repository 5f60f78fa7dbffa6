import { defineConfig, mergeConfig } from 'vitest/config';
import { onPostgres, shared } from '../../vitest.shared.js';

export default mergeConfig(
  shared,
  defineConfig({ test: { exclude: onPostgres('**'), globalSetup: '@jobsweep/test-engines/vitest' } }),
);
