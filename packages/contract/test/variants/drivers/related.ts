import { EVERY, keyText } from '@jobsweep/core';
import { ALL_ROWS, type DriverVariant, idOf, withTx } from './driver-variant.js';

/** Lies about the rows that hang on others. */
export const driverRelatedVariants: readonly DriverVariant[] = [
  {
    name: 'driver-related-by-key',
    fault: 'the rows of several parents are mixed, by key',
    failsIn:
      'driver > rows that hang on others > related > has the rows of the parents that are given, by parent and key: numbers as numbers',
    driver: withTx((tx) => ({
      related: async (query) => (await tx.related(query)).sort((one, other) => Number(idOf(one)) - Number(idOf(other))),
    })),
  },
  {
    name: 'driver-related-behind-key',
    fault: 'rows go on behind a key, whatever its parent',
    failsIn:
      'driver > rows that hang on others > related > goes on behind a row, in the middle of a parent or between two, by pages of 1',
    driver: withTx((tx) => ({
      async related({ after, ...query }) {
        const rows = await tx.related({ ...query, limit: ALL_ROWS });
        return rows.filter((row) => Number(idOf(row)) > Number(after && idOf(after))).slice(0, query.limit);
      },
    })),
  },
  {
    name: 'driver-related-limit-each',
    fault: 'the limit is that of each parent',
    failsIn:
      'driver > rows that hang on others > lockRelated > goes on behind a row, in the middle of a parent or between two, by pages of 2',
    driver: withTx((tx) => ({
      async lockRelated(query) {
        const each = await Promise.all(query.parents.map((key) => tx.lockRelated({ ...query, parents: [key] })));
        return { rows: each.flatMap(({ rows }) => rows), held: [] };
      },
    })),
  },
  {
    name: 'driver-related-locks-nothing',
    fault: 'the rows that hang on others are given as locked, and nobody has locked them',
    failsIn:
      'driver > rows that hang on others > lockRelated > keeps others from changing the rows that it gives until the transaction ends',
    driver: withTx((tx) => ({ lockRelated: async (query) => ({ rows: await tx.related(query), held: [] }) })),
  },
  {
    name: 'driver-related-short-pages',
    fault: 'rows that others hold count for the limit',
    failsIn: 'driver > rows that hang on others > lockRelated > fills a page up with rows that others do not hold',
    driver: withTx((tx) => ({
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
    driver: withTx((tx, session) => ({
      async countRelated(link, parents, where) {
        const free = new Set((await session.lock('allocations', () => true, { skipLocked: true })).map(({ id }) => id));
        const [[, column] = ['', '']] = link.on;
        const counts = new Map<string, number>();
        for (const row of await tx.related({
          link,
          parents,
          where,
          order: 'parent',
          columns: [column],
          limit: ALL_ROWS,
        })) {
          const parent = keyText([row.columns[column] ?? null]);
          if (free.has(idOf(row))) counts.set(parent, (counts.get(parent) ?? 0) + 1);
        }
        return counts;
      },
    })),
  },
  {
    name: 'driver-related-count-of-all',
    fault: 'all that hang on a row are counted, whatever the condition',
    failsIn: 'driver > rows that hang on others > countRelated > counts those that meet the condition',
    driver: withTx((tx) => ({ countRelated: (link, parents) => tx.countRelated(link, parents, EVERY) })),
  },
];
