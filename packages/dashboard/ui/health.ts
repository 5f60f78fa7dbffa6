import type { NowAnswer, NowStrategy, Sent } from '../src/api/shapes.js';

/** How a strategy does: what an operator has to know of it first. */
export type Verdict =
  | { readonly level: 'bad'; readonly why: 'failed' | 'tripped' | 'noRunner' | 'uncounted' }
  | { readonly level: 'warn'; readonly why: 'behind' | 'lapsed' }
  | { readonly level: 'note'; readonly why: 'paused' | 'observing' }
  | { readonly level: 'busy'; readonly why: 'working' }
  | { readonly level: 'good'; readonly why: 'fine' | 'due' }
  | { readonly level: 'off'; readonly why: 'off' };

export type Strategy = Sent<NowStrategy>;
type Pass = Sent<NowAnswer>['passes'][number];

/** A day without a turn is noticed of what runs by the calendar. */
const CRON_SLACK_SECONDS = 86_400;

/** How long a row may be due, and a turn late, before it is worth a word. */
const slackOf = ({ schedule }: Strategy): number =>
  schedule.intervalSeconds === null ? CRON_SLACK_SECONDS : Math.max(60, 3 * schedule.intervalSeconds);

/** How long its oldest row has been due; `null`: none is, or nobody knows. */
export function overdueSeconds({ backlog, ageLimitSeconds }: Strategy): number | null {
  if (backlog === null || backlog.problem !== null || backlog.due === 0 || backlog.oldestAgeSeconds === null)
    return null;
  return Math.max(0, backlog.oldestAgeSeconds - ageLimitSeconds);
}

/** The newest pass of a strategy that is known of. */
export function lastPassOf({ name, backlog }: Strategy, passes: readonly Pass[]): Pass | undefined {
  const newest = passes.find(({ strategy }) => strategy === name);
  return newest ?? (backlog?.problem === null ? (backlog.lastRepair ?? undefined) : undefined);
}

export function verdictOf(strategy: Strategy, passes: readonly Pass[], nowMs: number): Verdict {
  const { isEnabled, mode, claim, backlog, nextDueAt } = strategy;
  if (!isEnabled) return { level: 'off', why: 'off' };
  if (claim?.pause != null) return { level: 'note', why: 'paused' };
  if (claim?.isLapsed === true) return { level: 'warn', why: 'lapsed' };
  if (claim?.holder != null) return { level: 'busy', why: 'working' };
  const last = lastPassOf(strategy, passes);
  // Passes that found nothing are counted, and are no entries of the history.
  const isNewest = last !== undefined && (claim?.emptyPasses ?? 0) === 0;
  if (isNewest && last.status === 'failed') return { level: 'bad', why: 'failed' };
  if (isNewest && last.stopReason === 'tripped') return { level: 'bad', why: 'tripped' };
  const lateSeconds = nextDueAt === null ? 0 : (nowMs - Date.parse(nextDueAt)) / 1000;
  if (lateSeconds > slackOf(strategy)) return { level: 'bad', why: 'noRunner' };
  if (backlog !== null && backlog.problem !== null) return { level: 'bad', why: 'uncounted' };
  if ((overdueSeconds(strategy) ?? 0) > slackOf(strategy)) return { level: 'warn', why: 'behind' };
  if (mode === 'observe') return { level: 'note', why: 'observing' };
  return backlog !== null && backlog.due > 0 ? { level: 'good', why: 'due' } : { level: 'good', why: 'fine' };
}
