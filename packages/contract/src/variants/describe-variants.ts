import { afterAll, beforeEach, describe, type TestError } from 'vitest';
import type { ContractSubject, Layout } from '../cluster.js';
import { describeStoreHere } from '../describe-cleanup-store.js';
import { describeDriverHere } from '../driver/describe-driver.js';
import { noteSubject } from '../support/note-subject.js';
import { outcomeOf } from './circumstances.js';
import { variants } from './index.js';
import { describeOnly } from './only-named.js';
import { derived } from './replaced.js';
import { SharedClusters } from './shared-clusters.js';

/**
 * Describes that the suite finds faults in an adapter: breaks it in each way that adapters have been wrong in, one at a time,
 * and runs the one test that is named for it, which has to fail. The cluster of the subject has to have `driven`, and its
 * `store` to hand `parts` on.
 *
 * @example
 * describeVariants({ name: 'my adapter on PostgreSQL', open: () => openMyCluster() });
 */
export function describeVariants<Session extends object>(subject: ContractSubject<Session>): void {
  const name = `${subject.name}: broken variants`;
  const expected = variants.map((variant) => ({ variant, outcome: outcomeOf(subject, variant) }));
  const hidden = expected.filter(({ outcome }) => 'hidden' in outcome).length;
  const leftOut = hidden === 0 ? [] : [`${hidden} that nobody sees there: the suite's README says why`];
  describe(name, () => {
    const clusters = new SharedClusters(subject);
    failByFaultsAlone();
    afterAll(() => clusters.close());

    for (const { variant, outcome } of expected) {
      const { fault, failsIn, broken } = variant;
      const open = async (layout?: Layout) => {
        const cluster = await clusters.open(layout);
        return derived(cluster, { ...broken(cluster), close: async () => undefined });
      };
      const describeAll = failsIn.startsWith('driver ') ? describeDriverHere : describeStoreHere;
      const isHidden = 'hidden' in outcome;
      const named = { title: isHidden ? failsIn : outcome.failsIn, isHidden };
      describeOnly(`${variant.name}: ${fault}`, named, () => {
        // The closing table counts those that were found.
        if (!isHidden) noteSubject(name, leftOut);
        describeAll({ ...subject, open });
      });
    }
  });
}

/** Takes a test for failed where it failed by a mistake of the variant, and has found nothing. */
function failByFaultsAlone(): void {
  beforeEach(({ task, onTestFailed }) => {
    onTestFailed(() => {
      if (!task.result?.errors?.some(isFinding)) Object.assign(task, { fails: false });
    });
  });
}

/** Whether an expectation was not met, or an operation failed in a way that jobsweep knows. */
function isFinding({ name, code, cause }: TestError): boolean {
  if (name === 'AssertionError') return true;
  if (name === 'JobsweepError' && code !== 'DATABASE_ERROR') return true;
  return cause !== undefined && isFinding(cause);
}
