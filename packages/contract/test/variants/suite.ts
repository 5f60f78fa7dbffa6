// What variants.test.ts runs in a vitest of its own: the suite on every variant. Most of what is described here fails.
import { describeCleanupStore } from '../../src/index.js';
import { memorySubject } from '../support/memory-subject.js';
import { variants } from './index.js';

for (const { name, store } of variants) describeCleanupStore(memorySubject(name, store));
