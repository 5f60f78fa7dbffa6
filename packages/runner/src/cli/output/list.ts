import { counted } from '../../counted.js';
import type { Listed } from '../commands/list.js';
import type { ShownSchedule } from '../schedule.js';
import { fromNow, interval } from './numbers.js';
import type { Output } from './output.js';
import { table } from './tables.js';

const COLUMNS = [
  { title: 'STRATEGY' },
  { title: 'RUNS' },
  { title: 'NEXT' },
  { title: 'LAST REPAIR', wraps: true },
  { title: 'TURN', wraps: true },
] as const;

/** Writes the list for people. */
export function sayList(output: Output, { strategies, isInitialized, now }: Listed): void {
  const { width, style } = output;
  const rows = strategies.map(({ name, isEnabled, schedule, nextDueAt, lastPass, claim }) => [
    name,
    isEnabled ? every(schedule) : style('dim', 'off'),
    nextDueAt === null ? '' : fromNow(nextDueAt < now ? now : nextDueAt, now),
    lastRepair(lastPass, now),
    turnOf(claim),
  ]);
  output.say(table(COLUMNS, rows, { width, style }));
  if (isInitialized) return;
  output.say(
    style(
      'dim',
      "\nNothing is known of turns and repairs: jobsweep's own tables are missing, or hidden from this user. `jobsweep init --apply` makes them.",
    ),
  );
}

const every = (schedule: ShownSchedule): string =>
  schedule.cron === null ? `every ${interval(schedule.intervalSeconds)}` : `${schedule.cron} ${schedule.timeZone}`;

/** `1 row, 3.5 s ago`; of a pass that failed or was not let begin, that. */
function lastRepair(pass: Listed['strategies'][number]['lastPass'], now: Date): string {
  if (pass === null) return '';
  const { itemsCleaned, status, stopReason, startedAt } = pass;
  const rows = `${counted(itemsCleaned)} ${itemsCleaned === 1 ? 'row' : 'rows'}`;
  const failed = itemsCleaned === 0 ? 'failed' : `failed after ${rows}`;
  const what = stopReason === 'tripped' ? 'breaker tripped' : status === 'failed' ? failed : rows;
  return `${what}, ${fromNow(startedAt, now)}`;
}

function turnOf(claim: Listed['strategies'][number]['claim']): string {
  if (claim?.holder == null) return '';
  return claim.isLapsed ? `${claim.holder} (lapsed)` : claim.holder;
}
