import { refusedRows } from '@jobsweep/core';
import { counted } from '../../counted.js';
import type { RunReport, StrategyReport } from '../../report.js';
import { errorToJson } from './error.js';
import { duration } from './numbers.js';
import type { Output } from './output.js';
import { refusedInWords } from './refused.js';
import type { Colour } from './style.js';
import { table } from './tables.js';
import { wrap } from './wrap.js';

const COLUMNS = [
  { title: 'STRATEGY' },
  { title: 'RESULT' },
  { title: 'REPAIRED', align: 'right' },
  { title: 'BATCHES', align: 'right' },
  { title: 'TIME', align: 'right' },
  { title: 'NOTE', wraps: true },
] as const;

const DRY_COLUMNS = [
  { title: 'STRATEGY' },
  { title: 'RESULT' },
  { title: 'DUE', align: 'right' },
  { title: 'NOTE', wraps: true },
] as const;

const COLOURS: Partial<Record<StrategyReport['status'], Colour>> = {
  done: 'green',
  failed: 'red',
  blocked: 'red',
  tripped: 'red',
  aborted: 'yellow',
};

/** Writes a round's report for people. */
export function sayReport(output: Output, report: RunReport, stuck: readonly string[]): void {
  const { width, style } = output;
  const taking = report.strategies.filter(({ status }) => status !== 'filtered');
  const result = ({ status }: StrategyReport) => style(COLOURS[status] ?? 'dim', status);
  const rows = taking.map((one) =>
    report.dryRun
      ? [one.name, result(one), one.plan ? counted(one.plan.due, one.plan.capped) : '', notesOf(one, stuck).join('; ')]
      : [one.name, result(one), ...figuresOf(one), notesOf(one, stuck).join('; ')],
  );
  output.say(table(report.dryRun ? DRY_COLUMNS : COLUMNS, rows, { width, style }));
  for (const { name, pass } of taking) {
    for (const refused of pass === undefined ? [] : refusedRows(pass)) {
      output.say(`${style('yellow', 'blocked')} ${name}: ${refusedInWords(refused)}: ${refused.message}`);
    }
  }
  if (taking.some(({ status }) => status === 'tripped')) {
    output.say(
      style(
        'red',
        wrap(
          'A breaker stopped a pass before it changed anything. Look at `jobsweep plan`; --override-breaker lets it go on.',
          width,
        ),
      ),
    );
  }
  if (report.dryRun) output.say(style('dim', '\nA dry run: nothing was changed.'));
}

function figuresOf({ pass }: StrategyReport): string[] {
  if (pass === undefined) return ['', '', ''];
  return [counted(pass.itemsCleaned), counted(pass.batches), duration(pass.durationMs / 1000)];
}

const STOPPED = {
  timeout: 'stopped when its time was up',
  rowBudget: 'stopped at its row limit',
  aborted: 'stopped by a signal',
  claimLost: 'stopped, another runner took over',
} as const;

/** In words of the command line, where the report speaks of options. */
const offReason = (reason: string): string =>
  reason.startsWith('Off by default') ? 'off by default, runs when it is named' : reason;

function notesOf({ name, status, reason, pass }: StrategyReport, stuck: readonly string[]): string[] {
  if (pass === undefined) return reason === undefined ? [] : [status === 'disabled' ? offReason(reason) : reason];
  const { itemsContended, itemsPassedOver, itemsHolding, itemsBlocked, itemsUnknown, stopReason } = pass;
  const stopped = stopReason in STOPPED ? STOPPED[stopReason as keyof typeof STOPPED] : undefined;
  return [
    ...(reason === undefined ? [] : [reason]),
    ...(stuck.includes(name) ? ['rows are due, and none could be changed'] : []),
    ...(stopped === undefined ? [] : [stopped]),
    ...(itemsContended > 0 ? [`${counted(itemsContended)} held by others`] : []),
    ...(itemsHolding > 0 ? [`${counted(itemsHolding)} still hold allocations`] : []),
    ...(itemsPassedOver > itemsHolding ? [`${counted(itemsPassedOver - itemsHolding)} no longer due`] : []),
    ...(itemsBlocked > 0 ? [`${counted(itemsBlocked)} refused by the database`] : []),
    ...(itemsUnknown > 0 ? [`${counted(itemsUnknown)} unknown, their commit was lost`] : []),
  ];
}

/** A round's report for programs. */
export const reportToJson = (
  { dryRun, startedAt, durationMs, ok, strategies }: RunReport,
  stuck: readonly string[],
) => ({
  dryRun,
  startedAt,
  durationMs: Math.round(durationMs),
  ok,
  strategies: strategies.map(({ name, status, reason, pass, plan }) => ({
    name,
    status,
    reason: reason ?? null,
    plan: plan ?? null,
    isStuck: stuck.includes(name),
    pass: pass === undefined ? null : passToJson(pass),
  })),
});

function passToJson({ error, name: _name, durationMs, blocked, ...pass }: NonNullable<StrategyReport['pass']>) {
  return {
    ...pass,
    durationMs: Math.round(durationMs),
    blocked: blocked.map(({ constraint, ...row }) => ({ ...row, constraint: constraint ?? null })),
    error: error === undefined ? null : errorToJson(error),
  };
}
