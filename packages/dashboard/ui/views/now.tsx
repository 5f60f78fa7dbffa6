import type { HistoryAnswer, NowAnswer, Sent } from '../../src/api/shapes.js';
import { type Known, useAnswer } from '../data/use-answer.js';
import { healthOf, lastPassOf, overdueSeconds, type Strategy, verdictOf } from '../health.js';
import { Dot } from '../parts/dot.js';
import { Name } from '../parts/name.js';
import { Answered, NoTables } from '../parts/notice.js';
import { PassList } from '../parts/pass-list.js';
import { passText } from '../parts/pass-text.js';
import { useClock } from '../parts/use-clock.js';
import { historyLink, passLink } from '../route.js';
import { useSpeech } from '../words/words.js';
import { Summary } from './summary.js';
import { Tiles } from './tiles.js';

const DAY_LOOK_MS = 60_000;

/** A count that is older is told as what it is. */
const OLD_SECONDS = 120;
/** Where a strategy has none of it. */
const NOTHING = '–';

type Now = Sent<NowAnswer>;

/** What is due, whose turn it is, and what was done last. */
export function NowView({ now }: { readonly now: Known<Now> }) {
  return <Answered known={now}>{(answer) => <AnsweredNow answer={answer} at={now.at} />}</Answered>;
}

function AnsweredNow({ answer, at }: { readonly answer: Now; readonly at: number }) {
  const { words } = useSpeech();
  const nowMs = useClock(answer.now, at);
  const day = useAnswer<Sent<HistoryAnswer>>('history?range=day', DAY_LOOK_MS);
  const { strategies, passes, isInitialized } = answer;
  return (
    <>
      <Summary health={healthOf(strategies, passes, nowMs)} />
      {!isInitialized && <NoTables />}
      <Tiles strategies={strategies} day={day.answer} />
      <section aria-label={words.columns.strategy} class="card">
        <table class="strategies">
          <thead>
            <tr>
              <th scope="col">{words.columns.strategy}</th>
              <th scope="col">{words.columns.due}</th>
              <th scope="col">{words.columns.oldest}</th>
              <th scope="col">{words.columns.turn}</th>
              <th scope="col">{words.columns.next}</th>
              <th scope="col">{words.columns.last}</th>
            </tr>
          </thead>
          <tbody>
            {strategies.map((strategy) => (
              <StrategyRow
                key={strategy.name}
                strategy={strategy}
                isKept={isInitialized}
                passes={passes}
                nowMs={nowMs}
              />
            ))}
          </tbody>
        </table>
      </section>
      {isInitialized && (
        <section class="card" aria-labelledby="recent">
          <div class="heading">
            <h2 id="recent">{words.recent}</h2>
            <a href={historyLink('day')}>{words.allPasses}</a>
          </div>
          {passes.length === 0 ? <p class="faint">{words.nothingYet}</p> : <PassList passes={passes} nowMs={nowMs} />}
        </section>
      )}
    </>
  );
}

interface RowProps {
  readonly strategy: Strategy;
  /** Whether anything is kept of turns and passes. */
  readonly isKept: boolean;
  readonly passes: Now['passes'];
  readonly nowMs: number;
}

function StrategyRow({ strategy, isKept, passes, nowMs }: RowProps) {
  const speech = useSpeech();
  const { words, format } = speech;
  const { name, description, backlog, isCounted } = strategy;
  const verdict = verdictOf(strategy, passes, nowMs);
  const last = lastPassOf(
    strategy,
    passes.filter(({ itemsCleaned }) => itemsCleaned > 0),
  );
  const overdue = overdueSeconds(strategy);
  const counted = backlog?.problem === null ? backlog : undefined;
  return (
    <tr class={verdict.level}>
      <th scope="row">
        <span class="what">
          <Dot level={verdict.level} /> {description}
        </span>
        <span class="faint">
          <code>
            <Name of={name} />
          </code>{' '}
          · <span class={`${verdict.level}-text`}>{words.verdicts[verdict.why]}</span>
          {strategy.isEnabled && strategy.mode === 'observe' && verdict.why !== 'observing' && (
            <span class="note-text"> · {words.verdicts.observing}</span>
          )}
        </span>
      </th>
      <td data-label={words.columns.due}>
        <div>
          {counted !== undefined && (
            <>
              <strong class="figure">{format.counted(counted.due, counted.atMost)}</strong>
              <span class="faint">{words.of(format.counted(counted.population, counted.atMost))}</span>
              <meter class="share" min={0} max={Math.max(1, counted.population)} value={counted.due}>
                {format.percent(counted.due, counted.population)}
              </meter>
              {counted.ageSeconds > OLD_SECONDS && (
                <span class="faint small">{words.asOf(format.ago(counted.ageSeconds))}</span>
              )}
              {counted.undated > 0 && (
                <span class="faint small">{words.undated(format.counted(counted.undated, counted.atMost))}</span>
              )}
            </>
          )}
          {backlog === null && <span class="faint">{isCounted ? words.counting : NOTHING}</span>}
          {backlog?.problem != null && <span class="bad-text small">{backlog.problem.message}</span>}
        </div>
      </td>
      <td data-label={words.columns.oldest}>
        <div>
          {overdue !== null && words.overdue(format.length(overdue))}
          {overdue === null && <span class="faint">{counted === undefined ? NOTHING : words.nothingDue}</span>}
        </div>
      </td>
      <td data-label={words.columns.turn}>
        <div>
          <Turn strategy={strategy} isKept={isKept} nowMs={nowMs} />
        </div>
      </td>
      <td data-label={words.columns.next}>
        <div>
          <Next strategy={strategy} isKept={isKept} nowMs={nowMs} />
        </div>
      </td>
      <td data-label={words.columns.last}>
        <div>
          {last === undefined ? (
            <span class="faint">{isKept ? words.neverYet : words.notKept}</span>
          ) : (
            <a href={passLink(last.id)} title={format.time(last.startedAt)}>
              {words.after(passText(last, speech), format.ago((nowMs - Date.parse(last.startedAt)) / 1000))}
            </a>
          )}
        </div>
      </td>
    </tr>
  );
}

function Turn({ strategy: { isEnabled, claim }, isKept, nowMs }: Omit<RowProps, 'passes'>) {
  const { words, format } = useSpeech();
  if (claim?.pause != null) {
    const { by, until } = claim.pause;
    return <span class="note-text">{words.pausedBy(by, until && format.time(until))}</span>;
  }
  if (!isEnabled || !isKept) return <span class="faint plain">{isEnabled ? words.notKept : NOTHING}</span>;
  if (claim?.holder == null) return <span class="faint plain">{words.free}</span>;
  const [host] = claim.holder.split(':');
  const seconds = claim.startedAt === null ? 0 : (nowMs - Date.parse(claim.startedAt)) / 1000;
  const cleaned = claim.progress?.itemsCleaned ?? 0;
  return (
    <>
      <span title={claim.holder}>{words.heldSince(host ?? claim.holder, format.length(Math.max(1, seconds)))}</span>
      {cleaned > 0 && <span class="faint small">{words.soFar(format.number(cleaned))}</span>}
    </>
  );
}

function Next({ strategy: { isEnabled, claim, nextDueAt, schedule }, isKept, nowMs }: Omit<RowProps, 'passes'>) {
  const { words, format } = useSpeech();
  if (!isEnabled || claim?.pause != null) return <span class="faint">{words.never}</span>;
  const every =
    schedule.intervalSeconds === null
      ? `${schedule.cron} ${schedule.timeZone}`
      : words.every(format.length(schedule.intervalSeconds));
  return (
    <>
      {isKept && (nextDueAt === null ? words.asSoon : format.in((Date.parse(nextDueAt) - nowMs) / 1000))}{' '}
      <span class="faint small">{every}</span>
    </>
  );
}
