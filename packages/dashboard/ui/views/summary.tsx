import { type Strategy, verdictOf } from '../health.js';
import type { Pass } from '../parts/pass-text.js';
import { useSpeech } from '../words/words.js';

/** Whether the cluster is well, in a sentence. */
export function Summary({
  strategies,
  passes,
  nowMs,
}: {
  readonly strategies: readonly Strategy[];
  readonly passes: readonly Pass[];
  readonly nowMs: number;
}) {
  const { words } = useSpeech();
  const judged = strategies.map((strategy) => ({ strategy, ...verdictOf(strategy, passes, nowMs) }));
  const bad = judged.filter(({ level }) => level === 'bad' || level === 'warn');
  const on = judged.filter(({ level }) => level !== 'off');
  const busy = judged.filter(({ level }) => level === 'busy').length;
  const worst = bad.some(({ level }) => level === 'bad') ? 'bad' : 'warn';
  const level = on.length === 0 ? 'note' : bad.length > 0 ? worst : 'good';
  const title =
    on.length === 0 ? words.health.nothing : bad.length > 0 ? words.health.attention(bad.length) : words.health.good;
  return (
    <div class={`summary ${level}`}>
      <Sign level={level} />
      <div>
        <h1>{title}</h1>
        <p>
          {bad.length > 0
            ? words.list(bad.map(({ strategy, why }) => `${strategy.name}: ${words.verdicts[why]}`))
            : on.length > 0 && words.health.good_(on.length)}{' '}
          {busy > 0 && words.health.busy(busy)}
        </p>
      </div>
    </div>
  );
}

function Sign({ level }: { readonly level: string }) {
  const path =
    level === 'good' ? 'M7 12.5l3.4 3.4L17 8.6' : level === 'note' ? 'M12 8v.1M12 11v5' : 'M12 7v6M12 16.4v.1';
  return (
    <svg class="sign" viewBox="0 0 24 24" width="34" height="34" aria-hidden="true">
      <circle cx="12" cy="12" r="11" />
      <path d={path} fill="none" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
