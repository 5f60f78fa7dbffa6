import { describeSilentServer, enginesOfRun } from '@jobsweep/test-engines/vitest';
import * as adapter from '../src/index.js';

for (const engine of enginesOfRun()) describeSilentServer(engine, adapter);
