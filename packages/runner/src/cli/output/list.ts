import type { Overview, StrategyOverview } from '../../history/overview.js';
import type { ShownSchedule } from '../../schedule/next-turn.js';
import type { StrategyMode } from '../../turn/mode.js';
import { counted, fromNow, utc } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import { scheduleInWords } from '../schedule.js';
import { sayConfigName } from './config-name.js';
import type { Output } from './output.js';
import { pauseInWords } from './pause.js';
import { columnsOf, table } from './tables.js';
import { wrap } from './wrap.js';

/** A strategy with when it runs. */
export interface ListedStrategy extends StrategyOverview {
  readonly mode: StrategyMode;
  readonly schedule: ShownSchedule;
  /** `null`: as soon as a runner is there, or never, where the strategy is off. */
  readonly nextDueAt: Date | null;
}

/** What `list` shows. */
export interface Listed extends Overview {
  /** The name of the config. */
  readonly config: string;
  readonly now: Date;
  readonly strategies: readonly ListedStrategy[];
}

/** Writes the list for people. */
export function sayList(output: Output, { config, strategies, isInitialized, now }: Listed): void {
  const { width, style } = output;
  const { list: words, time } = output.words;
  const columns = columnsOf(words.columns, [], ['lastRepair', 'turn']);
  const rows = strategies.map(({ name, isEnabled, mode, schedule, nextDueAt, lastRepair, claim }) => [
    name,
    isEnabled ? runsOf(scheduleInWords(schedule, time), mode, output.words) : style('dim', words.off),
    nextDueAt === null ? '' : fromNow(nextDueAt < now ? now : nextDueAt, now, time),
    repairOf(lastRepair, now, output.words),
    turnOf(claim, words),
  ]);
  sayConfigName(output, config);
  output.say(table(columns, rows, { width, style }));
  const standing = strategies.flatMap(({ name, claim }) => [
    ...(claim?.pause ? [pauseInWords(name, claim.pause, output.words)] : []),
    ...(claim?.approval
      ? [output.words.approve.approved(name, counted(claim.approval.rows), utc(claim.approval.until))]
      : []),
  ]);
  for (const [index, line] of standing.entries()) output.say(`${index === 0 ? '\n' : ''}${wrap(line, width)}`);
  if (isInitialized) return;
  output.say(style('dim', wrap(`\n${words.nothingKnown}`, width)));
}

/** `every 5 s`, `every 5 s; observes`. */
export const runsOf = (schedule: string, mode: StrategyMode, { list, time }: Words): string =>
  mode === 'observe' ? `${schedule}${time.separator}${list.observes}` : schedule;

/** `1 row, 3.5 s ago`. */
function repairOf(pass: ListedStrategy['lastRepair'], now: Date, { list: words, time }: Words): string {
  return pass === null
    ? ''
    : words.repaired(counted(pass.itemsCleaned), pass.itemsCleaned === 1, fromNow(pass.startedAt, now, time));
}

function turnOf(claim: ListedStrategy['claim'], words: Words['list']): string {
  if (claim?.holder == null) return '';
  return claim.isLapsed ? words.lapsed(claim.holder) : claim.holder;
}
