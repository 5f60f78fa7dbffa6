import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['test/variants/suite.ts'] } });
