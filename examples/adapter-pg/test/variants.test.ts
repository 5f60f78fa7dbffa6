import { describeVariants } from '@jobsweep/contract';
import { useSubject } from './subject.js';

// Breaks the adapter in each way that the suite has to find.
describeVariants(useSubject());
