import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '../../src/api/problem.js';
import { ask, Refusal } from './client.js';

/** What is known of a question. */
export interface Known<Answer> {
  /** The last answer, which stays while there is no newer one. */
  readonly answer: Answer | undefined;
  /** When it came, by this browser's clock. */
  readonly at: number;
  /** Why there is no newer one. */
  readonly problem: Problem | undefined;
  readonly wantsToken: boolean;
}

const NOTHING = { answer: undefined, at: 0, problem: undefined, wantsToken: false };
const UNREACHABLE = 'UNREACHABLE';

/**
 * Asks a question, and asks it again every so many milliseconds while the page is looked at. `soon`: of an answer that is to be
 * asked for again in a moment.
 */
export function useAnswer<Answer>(
  path: string,
  everyMs: number,
  soon: (answer: Answer) => boolean = () => false,
): Known<Answer> {
  const [known, setKnown] = useState<Known<Answer> & { readonly path: string }>({ ...NOTHING, path });
  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isAsking = false;

    async function again(): Promise<void> {
      if (isAsking || document.hidden) return;
      isAsking = true;
      clearTimeout(timer);
      let waitMs = everyMs;
      try {
        const answer = await ask<Answer>(path, ending.signal);
        if (soon(answer)) waitMs = Math.min(waitMs, 2000);
        setKnown({ ...NOTHING, path, answer, at: Date.now() });
      } catch (error) {
        if (ending.signal.aborted) return;
        const problem = error instanceof Refusal ? error.problem : { code: UNREACHABLE, message: '' };
        const wantsToken = error instanceof Refusal && error.wantsToken;
        setKnown((last) => ({ ...(last.path === path ? last : { ...NOTHING, path }), problem, wantsToken }));
      }
      isAsking = false;
      timer = setTimeout(() => void again(), waitMs);
    }

    const look = () => void again();
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      ending.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [path, everyMs]);
  return known.path === path ? known : { ...NOTHING };
}
