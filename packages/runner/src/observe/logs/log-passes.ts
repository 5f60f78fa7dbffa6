import type { PassResult } from '@jobsweep/core';
import type { ObservableRunner } from '../observable.js';
import type { ServiceLogger } from './create-logger.js';

/**
 * Logs a line at info for each pass that did something or left something, with its counts as fields; one with nothing
 * to do, or that only looked, is a line at debug. Returns what ends it.
 *
 * @example
 * const stop = logPasses(runner, createLogger());
 */
export function logPasses(runner: ObservableRunner, logger: ServiceLogger): () => void {
  return runner.on('pass:end', ({ strategy, report: { status, pass } }) => {
    if (pass === undefined) return;
    // What is found without being repaired is found again in each turn.
    const level = pass.itemsFound > 0 && pass.stopReason !== 'observed' ? 'info' : 'debug';
    logger.log(level, `[${strategy}] ${inWords(pass)}`, { strategy, status, ...fieldsOf(pass) });
  });
}

function inWords(pass: PassResult): string {
  const { itemsContended, itemsPassedOver, itemsBlocked, itemsUnknown } = pass;
  const parts = [
    [itemsContended, 'contended'],
    [itemsPassedOver, 'passed over'],
    [itemsBlocked, 'blocked'],
    [itemsUnknown, 'unknown'],
  ] as const;
  const left = parts.filter(([count]) => count > 0).map(([count, outcome]) => `, ${count} ${outcome}`);
  const { durationMs } = pass;
  const duration = durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
  return `Pass of ${duration}, ${pass.stopReason}: ${pass.itemsCleaned} cleaned${left.join('')}`;
}

function fieldsOf(pass: PassResult) {
  const { stopReason, batches, itemsFound, itemsCleaned, itemsContended, itemsPassedOver, itemsBlocked, itemsUnknown } =
    pass;
  const counts = { itemsFound, itemsCleaned, itemsContended, itemsPassedOver, itemsBlocked, itemsUnknown };
  return { stopReason, durationMs: Math.round(pass.durationMs), batches, ...counts };
}
