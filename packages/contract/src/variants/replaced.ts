import type { Tx } from '@jobsweep/core';

/** The object with some of its members replaced, for itself too. */
export function derived<Thing extends object>(thing: Thing, replaced: Partial<Thing>): Thing {
  return Object.assign(Object.create(thing) as Thing, replaced);
}

/** The object with methods that can be called on their own. */
export function bound<Thing extends object>(thing: Thing): Thing {
  return new Proxy(thing, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A transaction that does other things with the statements that it has. */
export type ReplacedTx = (tx: Tx, session: object) => Partial<Tx>;

/** The same as a part of core. */
export const txOf =
  (replaced: ReplacedTx) =>
  (tx: Tx, session: unknown): Tx =>
    derived(tx, replaced(bound(tx), session as object));
