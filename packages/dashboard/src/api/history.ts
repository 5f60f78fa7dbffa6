import { type DashboardSource, invalidOption } from '@jobsweep/core';
import { type Clock, Remembered } from '../answers/remembered.js';
import { type HistoryAnswer, RANGES, type Range } from './shapes.js';

/** How long each range is, and its spans: about a hundred in each. */
const LENGTHS: Readonly<Record<Range, { readonly seconds: number; readonly spanSeconds: number }>> = {
  day: { seconds: 86_400, spanSeconds: 900 },
  week: { seconds: 7 * 86_400, spanSeconds: 7200 },
  month: { seconds: 30 * 86_400, spanSeconds: 21_600 },
};

/** Sums are good for this part of a span: a month of a million passes takes seconds to sum up, and changes slowly. */
const KEPT = 1 / 15;

/** What was done over a range of time, summed up by the database. */
export function historyOf(source: DashboardSource, clock: Clock): (query: URLSearchParams) => Promise<HistoryAnswer> {
  const asked = new Map<Range, Remembered<HistoryAnswer>>();
  return (query) => {
    const range = rangeOf(query.get('range') ?? 'day');
    const keepMs = LENGTHS[range].spanSeconds * 1000 * KEPT;
    const known = asked.get(range) ?? new Remembered((signal) => ask(source, range, signal), keepMs, clock);
    asked.set(range, known);
    return known.get();
  };
}

async function ask(source: DashboardSource, range: Range, signal: AbortSignal): Promise<HistoryAnswer> {
  const { seconds, spanSeconds } = LENGTHS[range];
  const { now } = await source.strategies({ signal });
  const spans = await source.spans({ withinSeconds: seconds, spanSeconds, signal });
  return { range, from: new Date(now.getTime() - seconds * 1000), to: now, spanSeconds, spans };
}

function rangeOf(given: string): Range {
  const range = RANGES.find((one) => one === given);
  if (range === undefined) throw invalidOption('range', given, `give one of ${RANGES.join(', ')}`);
  return range;
}
