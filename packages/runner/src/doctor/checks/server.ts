import type { CleanupStore, ServerInfo } from '@jobsweep/core';
import type { Check } from '../check.js';
import type { Finding } from '../diagnosis.js';

/** Beyond it the ages in log lines are wrong enough to mislead. Nothing is decided by this machine's clock. */
const TOLERATED_SKEW_SECONDS = 5;

/** Whether the server answers and takes writes, what it is, and whether the clocks agree. */
export const server: Check = {
  name: 'server',
  needsTables: false,
  async run({ store, signal }) {
    const askedMs = Date.now();
    const found = await store.inspect.server({ signal });
    const answeredMs = Date.now();
    const skew = skewSeconds(askedMs, answeredMs, found.now.getTime());
    const { product, version, timeZone } = found;
    return {
      summary: `${product} ${version}, time zone ${timeZone}`,
      findings: [...writeFindings(found), ...clockFindings(skew), ...capabilityFindings(store)],
      facts: { server: found, clockSkewSeconds: skew },
    };
  },
};

/** How far this machine is ahead: 0 where the server's time may lie between question and answer. */
function skewSeconds(askedMs: number, answeredMs: number, serverMs: number): number {
  if (serverMs < askedMs) return (askedMs - serverMs) / 1000;
  return serverMs > answeredMs ? (answeredMs - serverMs) / 1000 : 0;
}

function writeFindings({ isWritable }: ServerInfo): Omit<Finding, 'check'>[] {
  if (isWritable) return [];
  const problem = 'The server takes no writes: it is a standby, or was set to read-only';
  const fix = 'Connect to the one that takes them; `jobsweep start` waits until this one does';
  return [{ severity: 'error', subject: 'server', problem, fix }];
}

function clockFindings(skew: number): Omit<Finding, 'check'>[] {
  if (Math.abs(skew) <= TOLERATED_SKEW_SECONDS) return [];
  const side = skew > 0 ? 'ahead of' : 'behind';
  return [
    {
      severity: 'warning',
      subject: 'clock',
      problem: `This machine is ${Math.abs(skew).toFixed(1)} s ${side} the database`,
      fix: 'Set both by NTP: what is due is decided by the database, but the ages in logs are not',
    },
  ];
}

function capabilityFindings({ capabilities }: CleanupStore<unknown>): Omit<Finding, 'check'>[] {
  const findings: Omit<Finding, 'check'>[] = [];
  if (!capabilities.transactions) {
    const problem = 'The server has no transactions, so each row is written by itself';
    const fix = 'Make it a replica set, or know what docs/repo-mongo.md says remains possible';
    findings.push({ severity: 'warning', subject: 'transactions', problem, fix });
  } else if (!capabilities.readFence) {
    const problem = 'A job that a write relies on may change while it is written';
    const fix = 'Set fenceField, or know the window that docs/repo-mongo.md describes';
    findings.push({ severity: 'warning', subject: 'fenceField', problem, fix });
  }
  return findings;
}
