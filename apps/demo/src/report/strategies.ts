import type { StrategyReport } from '@jobsweep/runner';
import type { DemoTexts, OutcomeName } from '../texts/texts.js';
import type { Formats } from './numbers.js';
import type { Colour, Style } from './style.js';
import { columns } from './tables.js';

/** The marks before a strategy, with their colours. */
const MARKS = { good: ['✔', 'green'], idle: ['-', 'dim'], bad: ['✘', 'red'] } as const satisfies Record<
  string,
  readonly [string, Colour]
>;

/** What each strategy did, one line each; what went wrong with it on a line of its own. */
export function strategyLines(
  strategies: readonly StrategyReport[],
  texts: DemoTexts,
  formats: Formats,
  style: Style,
): string {
  const rows = strategies.map((report) => {
    const outcome = outcomeOf(report);
    const [mark, colour] = MARKS[judge(outcome)];
    return [`${style(colour, mark)} ${report.name}`, ...details(report, outcome, texts, formats)];
  });
  const failures = strategies.flatMap(({ name, status, reason }) =>
    status === 'failed' || status === 'blocked' ? [style('red', `  ${name}: ${reason ?? ''}`)] : [],
  );
  return [columns(rows, { rightAligned: [1, 2, 3] }), ...failures].join('\n');
}

function details({ pass }: StrategyReport, outcome: OutcomeName, texts: DemoTexts, formats: Formats): string[] {
  if (outcome === 'disabled') return ['', '', '', texts.offUnlessPurge];
  if (pass === undefined || outcome === 'skipped') return ['', '', '', texts.outcomes[outcome]];
  const { itemsCleaned, batches, durationMs } = pass;
  return [
    texts.cleaned(formats.count(itemsCleaned)),
    texts.batches(formats.count(batches)),
    formats.duration(durationMs),
    texts.outcomes[outcome],
  ];
}

/** The runner's status, unless the pass ended before its work did. */
function outcomeOf({ status, pass }: StrategyReport): OutcomeName {
  const stop = pass?.stopReason;
  return status === 'done' && stop !== undefined && stop !== 'drained' ? stop : status;
}

function judge(outcome: OutcomeName): keyof typeof MARKS {
  if (outcome === 'done') return 'good';
  return outcome === 'skipped' || outcome === 'disabled' ? 'idle' : 'bad';
}
