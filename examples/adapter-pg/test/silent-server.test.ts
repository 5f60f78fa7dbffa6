import { describeSilentServer } from '@jobsweep/test-engines/vitest';
import * as adapter from '../src/index.js';

describeSilentServer('postgres', adapter);
