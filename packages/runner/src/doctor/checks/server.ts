import type { CleanupStore, ServerInfo } from '@jobsweep/core';
import { duration } from '../../words/numbers.js';
import { type Words, wordsOf } from '../../words/words.js';
import type { Check } from '../check.js';
import type { Finding } from '../diagnosis.js';

/** Beyond it the ages in log lines are wrong enough to mislead. Nothing is decided by this machine's clock. */
const TOLERATED_SKEW_SECONDS = 5;

/** Whether the server answers and takes writes, what it is, and whether the clocks agree. */
export const server: Check = {
  name: 'server',
  needsTables: false,
  async run({ store, words, told, signal }) {
    const askedMs = Date.now();
    const found = await store.inspect.server({ signal });
    const answeredMs = Date.now();
    const skew = skewSeconds(askedMs, answeredMs, found.now.getTime());
    const { product, version, timeZone } = found;
    return {
      summary: words.server(product, version, timeZone),
      findings: [
        ...writeFindings(found, words),
        ...clockFindings(skew, wordsOf(told.locale)),
        ...capabilityFindings(store, words),
      ],
      facts: { server: found, clockSkewSeconds: skew },
    };
  },
};

/** How far this machine is ahead: 0 where the server's time may lie between question and answer. */
function skewSeconds(askedMs: number, answeredMs: number, serverMs: number): number {
  if (serverMs < askedMs) return (askedMs - serverMs) / 1000;
  return serverMs > answeredMs ? (answeredMs - serverMs) / 1000 : 0;
}

function writeFindings({ isWritable }: ServerInfo, words: Words['doctor']): Omit<Finding, 'check'>[] {
  return isWritable ? [] : [{ severity: 'error', subject: 'server', ...words.noWrites }];
}

function clockFindings(skew: number, { doctor, time }: Words): Omit<Finding, 'check'>[] {
  if (Math.abs(skew) <= TOLERATED_SKEW_SECONDS) return [];
  return [{ severity: 'warning', subject: 'clock', ...doctor.clock(duration(Math.abs(skew), time), skew > 0) }];
}

function capabilityFindings({ capabilities }: CleanupStore<unknown>, words: Words['doctor']): Omit<Finding, 'check'>[] {
  if (!capabilities.transactions) return [{ severity: 'warning', subject: 'transactions', ...words.noTransactions }];
  return capabilities.readFence ? [] : [{ severity: 'warning', subject: 'fenceField', ...words.noFence }];
}
