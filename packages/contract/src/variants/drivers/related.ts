import { EVERY, type Row } from '@jobsweep/core';
import { WHY } from '../circumstances.js';
import { ALL_ROWS, countOf, lockedAll } from '../statements.js';
import type { Variant } from '../variant.js';
import { idOf, withTx } from './lying.js';

/** Lies about the rows that hang on others. */
export const driverRelatedVariants: readonly Variant[] = [
  {
    name: 'driver-related-by-key',
    fault: 'the rows of several parents are mixed, by key',
    failsIn:
      'driver > rows that hang on others > related > has the rows of the parents that are given, by parent and key: numbers as numbers',
    broken: withTx((tx, values) => ({
      related: async (query) =>
        (await tx.related(query)).sort((one, other) => Number(values.idOf(one.key)) - Number(values.idOf(other.key))),
    })),
  },
  {
    name: 'driver-related-behind-key',
    fault: 'rows go on behind a key, whatever its parent',
    failsIn:
      'driver > rows that hang on others > related > goes on behind a row, in the middle of a parent or between two, by pages of 1',
    broken: withTx((tx, values) => ({
      async related({ after, ...query }) {
        const rows = await tx.related({ ...query, limit: ALL_ROWS });
        const place = after === undefined ? 0 : Number(values.idOf(after.key));
        return rows.filter(({ key }) => Number(values.idOf(key)) > place).slice(0, query.limit);
      },
    })),
  },
  {
    name: 'driver-related-limit-each',
    fault: 'the limit is that of each parent',
    failsIn:
      'driver > rows that hang on others > lockRelated > goes on behind a row, in the middle of a parent or between two, by pages of 2',
    broken: withTx((tx) => ({
      async lockRelated(query) {
        const rows: Row[] = [];
        for (const key of query.parents) rows.push(...(await tx.lockRelated({ ...query, parents: [key] })).rows);
        return { rows, held: [] };
      },
    })),
  },
  {
    name: 'driver-related-locks-nothing',
    fault: 'the rows that hang on others are given as locked, and nobody has locked them',
    failsIn:
      'driver > rows that hang on others > lockRelated > keeps others from changing the rows that it gives until the transaction ends',
    hiddenWhere: { locksAtCommit: WHY.lockIsLook },
    broken: withTx((tx) => ({ lockRelated: async (query) => ({ rows: await tx.related(query), held: [] }) })),
  },
  {
    name: 'driver-related-short-pages',
    fault: 'rows that others hold count for the limit',
    failsIn: 'driver > rows that hang on others > lockRelated > fills a page up with rows that others do not hold',
    hiddenWhere: { locksAtCommit: WHY.noneIsLeft },
    broken: withTx((tx) => ({
      async lockRelated({ limit, ...query }) {
        const page = new Set((await tx.related({ ...query, limit })).map(idOf));
        const { rows, held } = await tx.lockRelated({ ...query, limit: ALL_ROWS });
        return { rows: rows.filter((row) => page.has(idOf(row))), held };
      },
    })),
  },
  {
    name: 'driver-related-count-of-the-locked',
    fault: 'rows that others hold are not counted',
    failsIn: 'driver > rows that hang on others > countRelated > counts what others hold',
    hiddenWhere: { locksAtCommit: WHY.noneIsLeft },
    broken: withTx((tx) => ({
      async countRelated(link, parents, where) {
        const free = new Set((await lockedAll(tx, link.to)).map(idOf));
        return countOf(tx, { link, parents, where }, (row) => free.has(idOf(row)));
      },
    })),
  },
  {
    name: 'driver-related-count-of-all',
    fault: 'all that hang on a row are counted, whatever the condition',
    failsIn: 'driver > rows that hang on others > countRelated > counts those that meet the condition',
    broken: withTx((tx) => ({ countRelated: (link, parents) => tx.countRelated(link, parents, EVERY) })),
  },
];
