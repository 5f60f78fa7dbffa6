import type { Words } from '../../words/words.js';
import type { Listed } from '../commands/list.js';
import { columnsOf } from './columns.js';
import { fromNow } from './numbers.js';
import type { Output } from './output.js';
import { scheduleInWords } from './schedule.js';
import { table } from './tables.js';
import { wrap } from './wrap.js';

/** Writes the list for people. */
export function sayList(output: Output, { strategies, isInitialized, now }: Listed): void {
  const { width, style } = output;
  const { list: words, time } = output.words;
  const columns = columnsOf(words.columns, [], ['lastRepair', 'turn']);
  const rows = strategies.map(({ name, isEnabled, schedule, nextDueAt, lastPass, claim }) => [
    name,
    isEnabled ? scheduleInWords(schedule, time) : style('dim', words.off),
    nextDueAt === null ? '' : fromNow(nextDueAt < now ? now : nextDueAt, now, time),
    lastRepair(lastPass, now, output.words),
    turnOf(claim, words),
  ]);
  output.say(table(columns, rows, { width, style }));
  if (isInitialized) return;
  output.say(style('dim', wrap(`\n${words.nothingKnown}`, width)));
}

/** `1 row, 3.5 s ago`; of a pass that failed or was not let begin, that. */
function lastRepair(pass: Listed['strategies'][number]['lastPass'], now: Date, { list: words, time }: Words): string {
  if (pass === null) return '';
  const { itemsCleaned, status, stopReason, startedAt } = pass;
  const rows = words.rows(itemsCleaned);
  const failed = itemsCleaned === 0 ? words.failed : words.failedAfter(rows);
  const what = stopReason === 'tripped' ? words.breakerTripped : status === 'failed' ? failed : rows;
  return words.at(what, fromNow(startedAt, now, time));
}

function turnOf(claim: Listed['strategies'][number]['claim'], words: Words['list']): string {
  if (claim?.holder == null) return '';
  return claim.isLapsed ? words.lapsed(claim.holder) : claim.holder;
}
