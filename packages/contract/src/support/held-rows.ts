import { expect, test } from 'vitest';
import type { TableName } from '../cluster.js';
import { changesOf } from './changes.js';
import { type ClusterUnderTest, whileHeld } from './under-test.js';

/** Rows that others hold while an operation is called that wants them. */
export interface HeldRows {
  /** Which rows, for the title. */
  readonly what: string;
  readonly rows: readonly (readonly [TableName, string])[];
  /** The operation only looks at them: where rows are not locked, nobody who writes something else is in its way. */
  readonly areOnlySeen?: boolean;
}

/** A write on such rows. */
export interface HeldWrite {
  run(): Promise<unknown>;
  /** What it changes besides, as `changesOf` has it. */
  readonly changes: object;
  /** What it has to say, looked at after the write. */
  check?(): void;
}

/**
 * Tests that an operation leaves the rows that others hold and does the rest; where rows cannot be left, that it gives
 * up the whole transaction and changes nothing.
 */
export function testHeldRows<Session extends object>(
  cluster: ClusterUnderTest<Session>,
  cases: readonly HeldRows[],
  prepare: () => Promise<HeldWrite>,
): void {
  const { transactions, skipsLocked } = cluster.capabilities;
  if (!transactions) return;
  for (const { what, rows, areOnlySeen = false } of cases) {
    if (skipsLocked) {
      test(`leaves ${what} that somebody else holds, reports it as contended, and does the rest`, async () => {
        const write = await prepare();
        expect(await whileHeld(cluster, rows, () => changesOf(cluster, () => write.run()))).toEqual(write.changes);
        write.check?.();
      });
    } else if (!areOnlySeen) {
      test(`ends in a CONFLICT, having changed nothing, at ${what} that somebody else holds`, async () => {
        const { run } = await prepare();
        const refused = () => expect(run()).rejects.toMatchObject({ code: 'CONFLICT' });
        expect(await whileHeld(cluster, rows, () => changesOf(cluster, refused))).toEqual({});
      });
    }
  }
}
