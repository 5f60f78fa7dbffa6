import { type ContractSubject, describeCleanupStore, describeDriver, describeOperations } from '@jobsweep/contract';
import { asksForWholeSuite } from './suite.js';

/**
 * Describes the driver, and as much of the contract suite as a run asks for, of an adapter whose other half passes all of it
 * in every run: the same protocol on another library, or the same library in another release.
 */
export function describeDriverOfRun<Session extends object>(subject: ContractSubject<Session>): void {
  describeDriver(subject);
  if (asksForWholeSuite()) describeCleanupStore(subject);
  else describeOperations(subject, 'all but the operations: SUITE=whole has it, as in .ci/run');
}
