import type { Listed } from '../commands/list.js';
import type { ShownSchedule } from '../schedule.js';
import { count, fromNow, interval } from './numbers.js';
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
    lastPass === null ? '' : `${count(lastPass.itemsCleaned)} rows, ${fromNow(lastPass.startedAt, now)}`,
    turnOf(claim),
  ]);
  output.say(table(COLUMNS, rows, { width, style }));
  if (isInitialized) return;
  output.say(
    style(
      'dim',
      "\nWithout jobsweep's own tables nothing is known of turns and repairs: `jobsweep init --apply` makes them.",
    ),
  );
}

const every = (schedule: ShownSchedule): string =>
  schedule.cron === null ? `every ${interval(schedule.intervalSeconds)}` : `${schedule.cron} ${schedule.timeZone}`;

function turnOf(claim: Listed['strategies'][number]['claim']): string {
  if (claim?.holder == null) return '';
  return claim.isLapsed ? `${claim.holder} (lapsed)` : claim.holder;
}
