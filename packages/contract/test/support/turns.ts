import { setImmediate as anotherTurn } from 'node:timers/promises';
import type { CleanupStore } from '@jobsweep/core';
import type { MemorySession } from '@jobsweep/core/memory';

export { anotherTurn };

/**
 * The store, with statements that take a turn of the event loop each, as those do that travel to a server: whoever else
 * is there gets in between.
 */
export function takingTurns(store: CleanupStore<MemorySession>): CleanupStore<MemorySession> {
  return { ...store, transaction: (work, how) => store.transaction((session) => work(travelling(session)), how) };
}

/** A session whose statements do so. */
export function travelling(session: MemorySession): MemorySession {
  const statements: Pick<MemorySession, 'select' | 'lock' | 'update' | 'delete'> = {
    async select(query) {
      await anotherTurn();
      return session.select(query);
    },
    async lock(table, where, options) {
      await anotherTurn();
      return session.lock(table, where, options);
    },
    async update(table, where, values) {
      await anotherTurn();
      return session.update(table, where, values);
    },
    async delete(table, where) {
      await anotherTurn();
      return session.delete(table, where);
    },
  };
  return Object.assign(Object.create(session) as MemorySession, statements);
}
