import { describeDriverOfRun } from '@jobsweep/test-engines/vitest';
import { useSubject } from './subject.js';

// `describeDriver(subject)` and `describeCleanupStore(subject)`, or the first part of that where a run has to be short.
describeDriverOfRun(useSubject());
