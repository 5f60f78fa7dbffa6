import { type DashboardSource, type HistoryEntry, isJobsweepError } from '@jobsweep/core';
import type { ByName } from '../answers/by-name.js';
import type { ChangesAnswer, PassAnswer, PassesAnswer } from './shapes.js';

const PAGE_PASSES = 50;
const PAGE_CHANGES = 100;

/** A page of the history. */
export function passesOf(source: DashboardSource, named: ByName, query: URLSearchParams): Promise<PassesAnswer> {
  const [strategy, before] = [query.get('strategy') || undefined, query.get('before')];
  return named.get(`passes ${JSON.stringify([strategy, before])}`, async (signal) => {
    const after = before === null ? undefined : { id: before };
    const passes = await source.passes({ strategy, before: after, limit: PAGE_PASSES + 1, signal });
    return { passes: passes.slice(0, PAGE_PASSES), hasMore: passes.length > PAGE_PASSES };
  });
}

/** One pass; `undefined`: there is none of this id. */
export async function passOf(
  source: DashboardSource,
  named: ByName,
  query: URLSearchParams,
): Promise<PassAnswer | undefined> {
  const id = query.get('id') ?? '';
  const pass = await find(source, named, id);
  if (pass === undefined) return undefined;
  const count = async (signal: AbortSignal) => (await source.changeCounts?.(pass, { signal })) ?? null;
  const isCounted = source.changes !== undefined && pass.itemsCleaned > 0;
  return { pass, counts: isCounted ? await named.get(`counts ${JSON.stringify(id)}`, count) : null };
}

/** A page of the rows that a pass changed. */
export async function changesOf(
  source: DashboardSource,
  named: ByName,
  query: URLSearchParams,
): Promise<ChangesAnswer | undefined> {
  const [id, after] = [query.get('id') ?? '', query.get('after')];
  const pass = await find(source, named, id);
  if (pass === undefined || source.changes === undefined) return undefined;
  return named.get(`changes ${JSON.stringify([id, after])}`, async (signal) => {
    const place = after === null ? {} : { after: { id: after } };
    const changes = (await source.changes?.(pass, { ...place, limit: PAGE_CHANGES + 1, signal })) ?? [];
    return { changes: changes.slice(0, PAGE_CHANGES), hasMore: changes.length > PAGE_CHANGES };
  });
}

const find = (source: DashboardSource, named: ByName, id: string): Promise<HistoryEntry | undefined> =>
  named.get(`pass ${JSON.stringify(id)}`, async (signal) => {
    try {
      const [pass] = await source.passes({ id, limit: 1, signal });
      return pass;
    } catch (error) {
      // What is no id at all is the id of none.
      if (isJobsweepError(error, 'INVALID_OPTION')) return undefined;
      throw error;
    }
  });
