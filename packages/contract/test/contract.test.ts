import { memoryStore } from '@jobsweep/core/memory';
import { describeCleanupStore, describeDriver } from '../src/index.js';
import { memorySubject } from './support/memory-subject.js';

const subject = memorySubject('core/memory', memoryStore);
describeDriver(subject);
describeCleanupStore(subject);
