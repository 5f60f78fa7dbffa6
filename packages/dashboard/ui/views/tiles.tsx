import type { ComponentChildren } from 'preact';
import type { HistoryAnswer, Sent } from '../../src/api/shapes.js';
import type { Strategy } from '../health.js';
import { useSpeech } from '../words/words.js';

/** The cluster in a few figures: what is due now, and what was done in the last day. */
export function Tiles({
  strategies,
  day,
}: {
  readonly strategies: readonly Strategy[];
  readonly day: Sent<HistoryAnswer> | undefined;
}) {
  const { words, format } = useSpeech();
  const counted = strategies.flatMap(({ backlog, isEnabled }) =>
    isEnabled && backlog?.problem === null ? [backlog] : [],
  );
  const isCounting = strategies.some(({ isCounted, backlog }) => isCounted && backlog === null);
  const uncounted = strategies.filter(({ backlog }) => backlog !== null && backlog.problem !== null).length;
  const isCapped = counted.some(({ due, atMost }) => due >= atMost);
  const due = counted.reduce((all, backlog) => all + backlog.due, 0);
  const spans = day?.spans;
  const sum = (of: (span: Sent<HistoryAnswer>['spans'][number]) => number) =>
    (spans ?? []).reduce((all, span) => all + of(span), 0);
  const failed = sum(({ status, passes }) => (status === 'failed' ? passes : 0));
  const refused = sum(({ itemsBlocked }) => itemsBlocked);
  return (
    <dl class="tiles">
      <Tile label={words.dueNow} value={isCounting ? words.counting : `${format.number(due)}${isCapped ? '+' : ''}`}>
        {uncounted > 0 && <span class="bad-text">{words.uncounted(uncounted)}</span>}
      </Tile>
      {spans !== undefined && (
        <>
          <Tile label={words.repairedToday} value={format.number(sum(({ itemsCleaned }) => itemsCleaned))}>
            {refused > 0 && (
              <span class="warn-text" title={words.refusalsHint}>
                {words.refusals(format.number(refused))}
              </span>
            )}
          </Tile>
          <Tile label={words.passesToday} value={format.number(sum(({ passes }) => passes))} title={words.passesHint}>
            {failed > 0 && <span class="bad-text">{words.failedPasses(format.number(failed))}</span>}
          </Tile>
          <Tile label={words.leaked} value={format.length(sum(({ dueMs }) => dueMs) / 1000)} title={words.leakedHint} />
        </>
      )}
    </dl>
  );
}

interface TileProps {
  readonly label: string;
  readonly value: string;
  readonly title?: string;
  readonly children?: ComponentChildren;
}

function Tile({ label, value, title, children }: TileProps) {
  return (
    <div class="card tile" title={title}>
      <dt>{label}</dt>
      <dd>
        <span class="big">{value}</span> {children}
      </dd>
    </div>
  );
}
