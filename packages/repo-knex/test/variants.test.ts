import { describeVariants } from '@jobsweep/contract';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { subjectOf } from './support/contract.js';

for (const engine of enginesOfRun()) describeVariants(subjectOf('newest', engine));
