import type { NowAnswer, NowStrategy, Sent } from '../src/api/shapes.js';

/** How a strategy does: what an operator has to know of it first. */
export type Verdict =
  | { readonly level: 'bad'; readonly why: 'failed' | 'tripped' | 'noRunner' | 'uncounted' }
  | { readonly level: 'warn'; readonly why: 'behind' | 'lapsed' | 'pausedOverdue' }
  | { readonly level: 'note'; readonly why: 'paused' | 'observing' | 'counting' }
  | { readonly level: 'busy'; readonly why: 'working' }
  | { readonly level: 'good'; readonly why: 'fine' | 'due' | 'onTime' }
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
  const { isEnabled, isCounted, mode, claim, backlog, nextDueAt } = strategy;
  if (!isEnabled) return { level: 'off', why: 'off' };
  const isOverdue = (overdueSeconds(strategy) ?? 0) > slackOf(strategy);
  if (claim?.pause != null) {
    return isOverdue ? { level: 'warn', why: 'pausedOverdue' } : { level: 'note', why: 'paused' };
  }
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
  // What it sees is for somebody else to repair, however old it is.
  if (mode === 'observe') return { level: 'note', why: 'observing' };
  if (backlog === null) return isCounted ? { level: 'note', why: 'counting' } : { level: 'good', why: 'onTime' };
  if (isOverdue) return { level: 'warn', why: 'behind' };
  return { level: 'good', why: backlog.due > 0 ? 'due' : 'fine' };
}

/** How all of them do together. */
export interface Health {
  readonly level: 'good' | 'note' | 'warn' | 'bad';
  readonly why: 'good' | 'attention' | 'counting' | 'idle' | 'nothing';
  /** Those that need a look. */
  readonly troubled: readonly { readonly name: string; readonly why: Verdict['why'] }[];
  readonly keepUp: number;
  readonly paused: number;
  readonly observing: number;
  readonly working: number;
}

export function healthOf(strategies: readonly Strategy[], passes: readonly Pass[], nowMs: number): Health {
  const judged = strategies.map((strategy) => ({ strategy, verdict: verdictOf(strategy, passes, nowMs) }));
  const count = (is: (one: (typeof judged)[number]) => boolean) => judged.filter(is).length;
  const troubled = judged.filter(({ verdict: { level } }) => level === 'bad' || level === 'warn');
  const on = judged.filter(({ strategy }) => strategy.isEnabled);
  const known = {
    troubled: troubled.map(({ strategy: { name }, verdict: { why } }) => ({ name, why })),
    keepUp: count(
      ({ strategy: { mode }, verdict: { level } }) => mode === 'repair' && ['good', 'busy'].includes(level),
    ),
    paused: count(({ verdict: { why } }) => why === 'paused'),
    observing: count(({ verdict: { why } }) => why === 'observing'),
    working: count(({ verdict: { level } }) => level === 'busy'),
  };
  if (on.length === 0) return { ...known, level: 'note', why: 'nothing' };
  if (troubled.length > 0) {
    const isBad = troubled.some(({ verdict: { level } }) => level === 'bad');
    return { ...known, level: isBad ? 'bad' : 'warn', why: 'attention' };
  }
  const isCounting = on.some(({ strategy: { isCounted, backlog } }) => isCounted && backlog === null);
  if (isCounting) return { ...known, level: 'note', why: 'counting' };
  return known.keepUp === 0 ? { ...known, level: 'note', why: 'idle' } : { ...known, level: 'good', why: 'good' };
}
