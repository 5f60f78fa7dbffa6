import { isJobsweepError, refusedRows } from '@jobsweep/core';
import type { RunReport, StrategyReport } from '../../turn/report.js';
import { counted, duration } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import type { LookedAtReport } from '../run/stuck.js';
import { errorToJson, sayBelow, sayError } from './error.js';
import type { Output } from './output.js';
import { refusedInWords } from './refused.js';
import type { Colour } from './style.js';
import { type Column, columnsOf, table } from './tables.js';
import { wrap } from './wrap.js';

const COLOURS: Partial<Record<StrategyReport['status'], Colour>> = {
  done: 'green',
  failed: 'red',
  blocked: 'red',
  tripped: 'red',
  aborted: 'yellow',
};

/** A round, and what it left. */
type LookedAtRound = Omit<RunReport, 'strategies'> & { readonly strategies: readonly LookedAtReport[] };

/** Writes a round's report for people. */
export function sayReport(output: Output, report: LookedAtRound): void {
  const { width, style } = output;
  const { run: words } = output.words;
  const taking = report.strategies.filter(({ status }) => status !== 'filtered');
  const result = ({ status }: StrategyReport) => style(COLOURS[status] ?? 'dim', status);
  const rows = taking.map((one) => {
    const figures = report.dryRun
      ? [one.plan ? counted(one.plan.due, one.plan.capped) : '']
      : figuresOf(one, output.words);
    return [one.name, result(one), ...figures, notesOf(one, output.words).join(output.words.time.separator)];
  });
  output.say(table(columnsFor(report, words), rows, { width, style }));
  for (const { name, pass } of taking) {
    for (const refused of pass === undefined ? [] : refusedRows(pass)) {
      const said = [name, refusedInWords(refused, words), refused.message].join(output.words.failures.colon);
      output.say(wrap(`${style('yellow', words.blocked)} ${said}`, width, '  ', ''));
    }
  }
  for (const { name, status, reason, error } of taking) {
    if (error !== undefined) sayError(output, name, errorToJson(error));
    else if (status === 'blocked') sayBelow(output, name, status, [output.words.doctor.sentence(reason ?? '')]);
  }
  if (taking.some(({ status }) => status === 'tripped')) output.say(style('red', wrap(`\n${words.override}`, width)));
  if (report.dryRun) output.say(style('dim', `\n${words.dryRun}`));
}

function columnsFor({ dryRun }: RunReport, { columns }: Words['run']): Column[] {
  const { strategy, result, due, repaired, batches, time, note } = columns;
  const shown = dryRun ? { strategy, result, due, note } : { strategy, result, repaired, batches, time, note };
  return columnsOf(shown, ['due', 'repaired', 'batches', 'time'], ['note']);
}

function figuresOf({ pass }: StrategyReport, { time }: Words): string[] {
  if (pass === undefined) return ['', '', ''];
  return [counted(pass.itemsCleaned), counted(pass.batches), duration(pass.durationMs / 1000, time)];
}

function notesOf({ status, reason, error, pass, holding, isStuck }: LookedAtReport, all: Words): string[] {
  const { run: words, reasons, failures } = all;
  // What an error says, or why a strategy is blocked, stands below the table.
  const code = isJobsweepError(error) ? error.code : failures.error;
  const said = error === undefined ? reason : code;
  const why = said === undefined || status === 'blocked' ? [] : [said];
  if (pass === undefined) {
    // In words of the command line, where the report speaks of options.
    const isDefault = status === 'disabled' && reason === reasons.offByDefault;
    return isDefault ? [words.offByDefault] : why;
  }
  const { itemsContended, itemsPassedOver, itemsHolding, itemsUnconfirmed, itemsUnknown, itemsBlocked, stopReason } =
    pass;
  const noLongerDue = itemsPassedOver - itemsHolding - itemsUnconfirmed;
  const stopped: Readonly<Record<string, string>> = words.stopped;
  const how = stopped[stopReason];
  const staying = holding ?? itemsHolding;
  return [
    ...why,
    ...(isStuck ? [words.stuck] : []),
    ...(how === undefined ? [] : [how]),
    ...(itemsContended > 0 ? [words.contended(counted(itemsContended))] : []),
    ...(staying > 0 ? [words.holding(counted(staying))] : []),
    ...(itemsUnconfirmed > 0 ? [words.unconfirmed(counted(itemsUnconfirmed))] : []),
    ...(noLongerDue > 0 ? [words.passedOver(counted(noLongerDue))] : []),
    ...(itemsBlocked > 0 ? [words.refusedInAll(counted(itemsBlocked))] : []),
    ...(itemsUnknown > 0 ? [words.unknown(counted(itemsUnknown))] : []),
  ];
}

/** A round's report for programs. */
export const reportToJson = ({ dryRun, startedAt, durationMs, ok, strategies }: LookedAtRound) => ({
  dryRun,
  startedAt,
  durationMs: Math.round(durationMs),
  ok,
  strategies: strategies.map(({ name, status, reason, pass, plan, holding, isStuck }) => ({
    name,
    status,
    reason: reason ?? null,
    plan: plan ?? null,
    isStuck,
    holding: holding ?? null,
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
