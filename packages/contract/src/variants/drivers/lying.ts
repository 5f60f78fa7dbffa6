import { type Condition, isJobsweepError, type Row, type Tx, Values } from '@jobsweep/core';
import type { Driven } from '../../cluster.js';
import { bound, derived } from '../replaced.js';
import type { Breaking } from '../variant.js';

/** Adapters whose driver, or its transactions, are others. */
const withDriven =
  (lying: <Session extends object>(driven: Driven<Session>) => Partial<Driven<Session>>): Breaking =>
  ({ driven }) =>
    driven === undefined ? {} : { driven: { ...driven, ...lying(driven) } };

/** Drivers whose transactions do something else than they are told. */
export const withTx = (replaced: (tx: Tx, values: Values) => Partial<Tx>): Breaking =>
  withDriven(({ driver }) => ({
    driver: derived<typeof driver>(driver, {
      async open(session, use) {
        const tx = await driver.open(session, use);
        return derived(tx, replaced(bound(tx), new Values(driver.values)));
      },
    }),
  }));

/**
 * Drivers that begin a transaction of their own where they should refuse.
 *
 * @param which of the sessions that are no open transaction: those that were one, or those that never were.
 */
export const withOwnTransaction = (which: 'ended' | 'never'): Breaking =>
  withDriven(({ driver, transaction }) => {
    const begun = new WeakSet<object>();
    const wasOne = (session: unknown) => session instanceof Object && begun.has(session);
    const open: typeof driver.open = async (session, use) => {
      try {
        return await driver.open(session, use);
      } catch (error) {
        const isMeant = wasOne(session) === (which === 'ended');
        if (!isMeant || !isJobsweepError(error, 'SESSION_NOT_IN_TRANSACTION')) throw error;
        return transaction((own) => driver.open(own, use));
      }
    };
    return {
      driver: derived(driver, { open }),
      transaction: (work, isolation) =>
        transaction((session) => {
          begun.add(session);
          return work(session);
        }, isolation),
    };
  });

/** Drivers that look for rows by other conditions than they are told. */
export const withConditions = (rewrite: (condition: Condition) => Condition): Breaking =>
  withTx((tx) => ({
    page: (query) => tx.page({ ...query, where: rewritten(query.where, rewrite) }),
    count: (...queries) => tx.count(...queries.map((query) => ({ ...query, where: rewritten(query.where, rewrite) }))),
  }));

/** The condition with each part of it rewritten, the innermost first. */
export function rewritten(condition: Condition, rewrite: (condition: Condition) => Condition): Condition {
  const inner = (one: Condition) => rewritten(one, rewrite);
  if ('all' in condition) return rewrite({ all: condition.all.map(inner) });
  if ('any' in condition) return rewrite({ any: condition.any.map(inner) });
  if ('not' in condition) return rewrite({ not: inner(condition.not) });
  if ('exists' in condition) return rewrite({ ...condition, where: inner(condition.where) });
  return rewrite(condition);
}

export const idOf = ({ key: [id] }: Pick<Row, 'key'>): string => id ?? '';

/** An exact time without its microseconds. */
export const cutTime = (exact: string): string => `${exact.slice(0, -3)}000`;
