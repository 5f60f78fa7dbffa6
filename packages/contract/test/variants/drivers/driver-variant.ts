import type { Condition, Driver, Row, Tx } from '@jobsweep/core';
import type { MemoryDatabase, MemorySession } from '@jobsweep/core/memory';
import type { DriverFactory } from '../../support/memory-subject.js';
import { bound, derived, type Fault } from '../variant.js';

/** The driver of the tables in memory with one lie in it. */
export interface DriverVariant extends Fault {
  readonly driver: DriverFactory;
}

/** A driver whose transactions do something else than they are told. */
export function withTx(replaced: (tx: Tx, session: MemorySession) => Partial<Tx>): DriverFactory {
  return (driver) => ({
    ...driver,
    async open(session, use) {
      const tx = await driver.open(session, use);
      return derived(tx, replaced(bound(tx), session));
    },
  });
}

/** A driver that opens transactions in another way. */
export function withOpen(
  open: (driver: Driver<MemorySession>, database: MemoryDatabase) => Driver<MemorySession>['open'],
): DriverFactory {
  return (driver, database) => ({ ...driver, open: open(driver, database) });
}

/** A driver that looks for rows by other conditions than it is told. */
export function withConditions(rewrite: (condition: Condition) => Condition): DriverFactory {
  return withTx((tx) => ({
    page: (query) => tx.page({ ...query, where: rewritten(query.where, rewrite) }),
    count: (...queries) => tx.count(...queries.map((query) => ({ ...query, where: rewritten(query.where, rewrite) }))),
  }));
}

/** The condition with each part of it rewritten, the innermost first. */
export function rewritten(condition: Condition, rewrite: (condition: Condition) => Condition): Condition {
  const inner = (one: Condition) => rewritten(one, rewrite);
  if ('all' in condition) return rewrite({ all: condition.all.map(inner) });
  if ('any' in condition) return rewrite({ any: condition.any.map(inner) });
  if ('not' in condition) return rewrite({ not: inner(condition.not) });
  if ('exists' in condition) return rewrite({ ...condition, where: inner(condition.where) });
  return rewrite(condition);
}

/** More rows than there are. */
export const ALL_ROWS = 1000;

export const idOf = ({ key: [id] }: Pick<Row, 'key'>): string => id ?? '';

/** An exact time without its microseconds. */
export const cutTime = (exact: string): string => `${exact.slice(0, -3)}000`;
