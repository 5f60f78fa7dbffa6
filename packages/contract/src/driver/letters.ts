import { isIn, not } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { ContractSubject } from '../cluster.js';
import { capabilitiesOf } from '../support/under-test.js';
import { useDriver } from './driver-under-test.js';

/** Texts that some collation takes for `RUNNING`. */
const ALIKE = ['running', 'Running', 'RUNNING ', 'RÚNNING'];

/** Texts are compared to the letter, whatever the collation of their column. */
export function describeLetters<Session extends object>(subject: ContractSubject<Session>): void {
  const { caseless, mapping } = capabilitiesOf(subject);
  describe('letters count', () => {
    testLetters(subject, {});
    if (caseless && mapping !== false) {
      describe('in columns for which "a" is "A"', () => testLetters(subject, { isCaseless: true }));
    }
  });
}

function testLetters<Session extends object>(
  subject: ContractSubject<Session>,
  layout: { readonly isCaseless?: boolean },
): void {
  const of = useDriver(subject, layout);
  const seed = () =>
    of.cluster.seed({
      jobs: ['RUNNING', ...ALIKE].map((state, index) => ({ id: String(index + 1), name: 'n', state })),
    });

  test('where a value is asked for', async () => {
    await seed();
    const query = { table: of.jobs, columns: [], limit: 99 };
    const [is, isNot] = [isIn(of.columns.state, ['RUNNING']), not(isIn(of.columns.state, ['RUNNING']))];
    expect(of.idsOf(await of.reading((tx) => tx.page({ ...query, where: is })))).toEqual(['1']);
    expect(of.idsOf(await of.reading((tx) => tx.page({ ...query, where: isNot })))).toEqual(['2', '3', '4', '5']);
    expect(await of.reading((tx) => tx.count({ table: of.jobs, where: is }))).toMatchObject([{ rows: 1 }]);
  });

  test('where a guard asks for a value', async () => {
    await seed();
    const guard = isIn(of.columns.state, ['RUNNING']);
    const changed = await of.writing(async (tx) => {
      const rows = await of.rows(tx, 'jobs', 1, 2, 3, 4, 5);
      return tx.update(of.jobs, { rows, set: { [of.columns.state]: { value: 'FAILED' } }, guard, columns: [] });
    });
    expect(of.idsOf(changed)).toEqual(['1']);
    const { jobs } = await of.cluster.read();
    expect(jobs.map(({ state }) => state)).toEqual(['FAILED', ...ALIKE]);
  });
}
