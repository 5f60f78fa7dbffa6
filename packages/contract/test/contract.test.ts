import { memoryStore } from '@jobsweep/core/memory';
import { describeCleanupStore } from '../src/index.js';
import { memorySubject } from './support/memory-subject.js';

describeCleanupStore(memorySubject('core/memory', memoryStore));
