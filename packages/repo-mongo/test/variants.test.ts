import { describeVariants } from '@jobsweep/contract';
import { subjectOf } from './support/contract.js';
import { has } from './support/database.js';

if (has('mongodb')) describeVariants(subjectOf('newest', 'mongodb'));
