import { describeCleanupStore, describeDriver } from '../src/index.js';
import { memorySubject } from './support/memory-subject.js';

const subject = memorySubject('core/memory');
describeDriver(subject);
describeCleanupStore(subject);
