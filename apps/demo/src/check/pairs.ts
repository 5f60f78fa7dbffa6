import type { Holding } from '../cluster/rows.js';

type Pages = AsyncIterable<readonly Holding[]>;

/** Each job as it was and as it is, by id; without rows where it was not or is no more. */
export async function* pairsOf(before: Pages, after: Pages): AsyncGenerator<readonly [was: Holding, is: Holding]> {
  const [earlier, later] = [each(before), each(after)];
  let [was, is] = [await earlier.next(), await later.next()];
  while (!was.done || !is.done) {
    const [wasId, isId] = [idOf(was), idOf(is)];
    const jobId = Math.min(wasId, isId);
    const none: Holding = { jobId, job: undefined, allocations: [] };
    yield [wasId === jobId ? (was.value as Holding) : none, isId === jobId ? (is.value as Holding) : none];
    if (wasId === jobId) was = await earlier.next();
    if (isId === jobId) is = await later.next();
  }
}

async function* each(pages: Pages): AsyncGenerator<Holding, undefined> {
  for await (const page of pages) yield* page;
  return undefined;
}

const idOf = ({ value }: IteratorResult<Holding, undefined>) => value?.jobId ?? Number.POSITIVE_INFINITY;
