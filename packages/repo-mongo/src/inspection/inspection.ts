import { type StoreInspection, throwIfAborted } from '@jobsweep/core';
import type { OwnCollections } from '../service/own-collections.js';
import { schemaFindings } from './schema.js';
import { serverInfo } from './server.js';
import { checkAtMost, totalsOf } from './totals.js';

/** Looks at the collections of a store, in read-only transactions of its own. */
export function inspection(own: OwnCollections): StoreInspection {
  const { context } = own;
  return {
    schema: ({ signal } = {}) => schemaFindings(context, signal),

    async totals(rule, { atMost, signal } = {}) {
      checkAtMost(atMost);
      throwIfAborted(signal);
      const look = (open: Parameters<typeof totalsOf>[0]) => totalsOf(open, context.mapping, rule, { atMost, signal });
      return own.run(look, { readOnly: true, signal });
    },

    server: ({ signal } = {}) => serverInfo(context, signal),
  };
}
