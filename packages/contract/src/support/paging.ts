import type { GetOptions, Place } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { idsOf } from './rows.js';

interface PagedOperation<Row extends Place> {
  /** Seeds rows that are due, all with the same time, or each so many steps younger than the one before. */
  seedDue(ids: readonly number[], stepsApart?: number): Promise<void>;
  read(options?: GetOptions<Row>): Promise<Row[]>;
  /** Makes a due row one that is not due any more. */
  settle(id: string): Promise<void>;
}

/** So many pages that a cursor which stands still is noticed. */
const MAX_PAGES = 20;

/** Page after page of `limit` rows, until one is not full. */
async function pagesOf<Row extends Place>({ read }: PagedOperation<Row>, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let after: Row | undefined;
  for (;;) {
    const page = await read({ limit, after });
    pages.push(idsOf(page));
    after = page.at(-1);
    if (page.length < limit || pages.length === MAX_PAGES) return pages;
  }
}

/** What every operation that reads rows owes to those who page through them. */
export function describePages<Row extends Place>(operation: PagedOperation<Row>): void {
  describe('in pages', () => {
    test('of one row reaches the last one', async () => {
      await operation.seedDue([1, 2, 3]);
      expect(await pagesOf(operation, 1)).toEqual([['1'], ['2'], ['3'], []]);
    });

    test('ends with an empty page after an exact multiple of the limit', async () => {
      await operation.seedDue([1, 2, 3, 4]);
      expect(await pagesOf(operation, 2)).toEqual([['1', '2'], ['3', '4'], []]);
    });

    test('ends with a page that is not full when one row more is there', async () => {
      await operation.seedDue([1, 2, 3, 4, 5]);
      expect(await pagesOf(operation, 2)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    });

    test('orders rows of the same time by id as the column does, numbers as numbers', async () => {
      await operation.seedDue([100, 9, 10, 2]);
      expect(await pagesOf(operation, 1)).toEqual([['2'], ['9'], ['10'], ['100'], []]);
    });

    test('gives rows that are one step of time apart once each', async () => {
      await operation.seedDue([1, 2, 3], 1);
      expect(await pagesOf(operation, 1)).toEqual([['1'], ['2'], ['3'], []]);
    });

    test('loses no row when the ones before went away in between', async () => {
      await operation.seedDue([1, 2, 3]);
      const first = await operation.read({ limit: 1 });
      await operation.settle('1');
      expect(idsOf(await operation.read({ limit: 1, after: first[0] }))).toEqual(['2']);
    });

    test('ends with the row that they are to go up to, and where it was once it is gone', async () => {
      await operation.seedDue([1, 2, 3, 4], 1);
      const [first, , third] = await operation.read();
      const pagesUpTo = async () => [
        idsOf(await operation.read({ limit: 2, upTo: third })),
        idsOf(await operation.read({ limit: 2, after: first, upTo: third })),
        idsOf(await operation.read({ upTo: third })),
      ];
      expect(await pagesUpTo()).toEqual([
        ['1', '2'],
        ['2', '3'],
        ['1', '2', '3'],
      ]);
      await operation.settle('3');
      expect(await pagesUpTo()).toEqual([['1', '2'], ['2'], ['1', '2']]);
    });

    test('begins and ends with nothing of a row but its id and version', async () => {
      await operation.seedDue([100, 9, 10, 2]);
      const [first, , third] = (await operation.read()).map(({ id, version }) => ({ id, version }));
      expect(idsOf(await operation.read({ after: first, upTo: third }))).toEqual(['9', '10']);
    });

    test('continues after a row that carries no version', async () => {
      await operation.seedDue([1, 2, 3]);
      const [first] = await operation.read({ limit: 1 });
      const handMade = first && { ...first, version: undefined };
      expect(idsOf(await operation.read({ limit: 5, after: handMade }))).toEqual(['2', '3']);
    });

    test('continues after a row without a limit', async () => {
      await operation.seedDue([1, 2, 3]);
      const [first] = await operation.read({ limit: 1 });
      expect(idsOf(await operation.read({ after: first }))).toEqual(['2', '3']);
    });
  });
}
