import { describeSilentServer } from '@jobsweep/test-engines/vitest';
import { describe } from 'vitest';
import * as adapter from '../src/index.js';
import { has } from './support/database.js';

describe.runIf(has('mongodb'))('With transactions:', () => {
  describeSilentServer('mongodb', adapter);
});
