import { describeContract } from '../support/contract.js';

describeContract('oldest');
