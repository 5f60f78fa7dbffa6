import { useState } from 'preact/hooks';
import { type HistoryAnswer, type NowAnswer, type PassesAnswer, RANGES, type Sent } from '../../src/api/shapes.js';
import { type Known, useAnswer } from '../data/use-answer.js';
import { Answered, NO_TABLES, NoTables } from '../parts/notice.js';
import { PassList } from '../parts/pass-list.js';
import { historyLink } from '../route.js';
import { useSpeech } from '../words/words.js';
import { StrategyCharts } from './strategy-charts.js';

const LOOK_MS = 60_000;

interface HistoryProps {
  readonly range: string;
  /** Of which the passes are listed; empty: of all. */
  readonly strategy: string;
  readonly now: Known<Sent<NowAnswer>>;
}

/** What was done over a day, a week or a month, and each pass. */
export function HistoryView({ range, strategy, now }: HistoryProps) {
  const { words } = useSpeech();
  const history = useAnswer<Sent<HistoryAnswer>>(`history?range=${encodeURIComponent(range)}`, LOOK_MS);
  if (history.problem?.code === NO_TABLES) {
    return (
      <>
        <h1>{words.views.history}</h1>
        <NoTables />
      </>
    );
  }
  const names = now.answer?.strategies.map(({ name }) => name) ?? [];
  return (
    <>
      <div class="heading page">
        <h1>{words.views.history}</h1>
        <nav class="choice" aria-label={words.history.range}>
          {RANGES.map((one) => (
            <a key={one} href={historyLink(one, strategy)} aria-current={one === range ? 'true' : undefined}>
              {words.history.ranges[one]}
            </a>
          ))}
        </nav>
      </div>
      <Answered known={history}>{(answer) => <Charts history={answer} order={names} />}</Answered>
      <section class="card" aria-labelledby="passes">
        <div class="heading">
          <h2 id="passes">{words.history.passes}</h2>
          <select
            aria-label={words.history.strategy}
            value={strategy}
            onChange={({ currentTarget }) => {
              location.hash = historyLink(range, currentTarget.value);
            }}
          >
            <option value="">{words.history.all}</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <Passes key={strategy} strategy={strategy} />
      </section>
    </>
  );
}

function Charts({ history, order }: { readonly history: Sent<HistoryAnswer>; readonly order: readonly string[] }) {
  const { words, format } = useSpeech();
  const known = [...new Set(history.spans.map(({ strategy }) => strategy))];
  // One that is no more in the config has its history still.
  const names = [...order.filter((name) => known.includes(name)), ...known.filter((name) => !order.includes(name))];
  return (
    <>
      <p class="faint">{words.history.asOf(format.time(history.to))}</p>
      {names.length === 0 && <p class="card faint">{words.history.nothing}</p>}
      {names.map((name) => (
        <StrategyCharts
          key={name}
          name={name}
          history={history}
          spans={history.spans.filter(({ strategy }) => strategy === name)}
        />
      ))}
    </>
  );
}

/** Pages of passes: the last of each page leads to the older ones. */
function Passes({ strategy }: { readonly strategy: string }) {
  const { words } = useSpeech();
  const [befores, setBefores] = useState<readonly string[]>([]);
  const before = befores.at(-1);
  const query = new URLSearchParams({ strategy, ...(before !== undefined && { before }) });
  const page = useAnswer<Sent<PassesAnswer>>(`passes?${query.toString()}`, LOOK_MS);
  return (
    <Answered known={page}>
      {({ passes, hasMore }) => (
        <>
          {passes.length === 0 ? <p class="faint">{words.history.none}</p> : <PassList passes={passes} />}
          <div class="pages">
            {befores.length > 0 && (
              <button type="button" onClick={() => setBefores([])}>
                {words.history.newest}
              </button>
            )}
            {hasMore && (
              <button type="button" onClick={() => setBefores([...befores, passes.at(-1)?.id ?? ''])}>
                {words.history.older}
              </button>
            )}
          </div>
        </>
      )}
    </Answered>
  );
}
