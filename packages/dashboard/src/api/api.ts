import { type DashboardSource, isJobsweepError } from '@jobsweep/core';
import { ByName, TooMany } from '../answers/by-name.js';
import { Remembered } from '../answers/remembered.js';
import { json, notFound, problem } from '../http/responses.js';
import { historyOf } from './history.js';
import { nowOf } from './now.js';
import { changesOf, passesOf, passOf } from './passes.js';
import { problemOf } from './problem.js';

/** How long answers are good for: what many may look at all day, and what somebody asks for once. */
const SOON_MS = 10_000;
const LATER_MS = 60_000;

type Answer = (query: URLSearchParams) => Promise<object | undefined>;

/** What the page asks for, by the last part of its path. */
export function createApi(
  source: DashboardSource,
  countEverySeconds: number,
): (path: string, query: URLSearchParams) => Promise<Response> {
  const clock = () => performance.now();
  const now = nowOf(source, { soonMs: SOON_MS, countMs: countEverySeconds * 1000, clock });
  const named = new ByName(SOON_MS, clock);
  const plan = new Remembered(
    async (signal) => ({ plannedAt: new Date(), strategies: await source.plan({ signal }) }),
    LATER_MS,
    clock,
  );
  const doctor = new Remembered(
    async (signal) => ({ diagnosedAt: new Date(), ...(await source.diagnosis({ signal })) }),
    LATER_MS,
    clock,
  );
  const answers: Readonly<Record<string, Answer>> = {
    now,
    history: historyOf(source, clock),
    passes: (query) => passesOf(source, named, query),
    pass: (query) => passOf(source, named, query),
    changes: (query) => changesOf(source, named, query),
    plan: () => plan.get(),
    doctor: () => doctor.get(),
  };
  return async (path, query) => {
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (answer === undefined) return notFound();
    try {
      const found = await answer(query);
      return found === undefined ? notFound() : json(found);
    } catch (error) {
      return refusal(error);
    }
  };
}

/** Why there is no answer. */
function refusal(error: unknown): Response {
  if (error instanceof TooMany) {
    const told = { code: 'TOO_MANY', message: 'Too much was asked in this minute. Try again in the next one.' };
    return problem(429, told, { 'Retry-After': '60' });
  }
  return problem(isJobsweepError(error, 'INVALID_OPTION') ? 400 : 503, problemOf(error));
}
