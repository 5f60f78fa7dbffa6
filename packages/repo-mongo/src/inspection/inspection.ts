import type { StoreInspection } from '@jobsweep/core';
import type { OwnCollections } from '../service/own-collections.js';
import { diagnosis } from './diagnosis.js';
import { schemaFindings } from './schema.js';
import { serverInfo } from './server.js';
import { checkedAtMost, totalsOf } from './totals.js';

/** Looks at the collections of a store, in read-only transactions of its own. */
export function inspection(own: OwnCollections): StoreInspection {
  const { context } = own;
  return {
    schema: ({ signal } = {}) => schemaFindings(context, signal),

    async totals(rule, { atMost, holding = false, signal } = {}) {
      const bounds = { atMost: checkedAtMost(atMost), holding, signal };
      return own.run((open) => totalsOf(open, context.mapping, rule, bounds), { readOnly: true, signal });
    },

    diagnosis: diagnosis(own),

    server: ({ signal } = {}) => serverInfo(context, signal),
  };
}
