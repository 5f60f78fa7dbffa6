import type { Problem } from '../../src/api/problem.js';

/** Until the tab is closed, and nowhere else. */
const TOKEN = 'jobsweep-token';

/** Why there is no answer. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    /** The page is to ask for a token. */
    readonly wantsToken: boolean,
  ) {
    super(problem.message);
  }
}

export const knowsToken = (): boolean => sessionStorage.getItem(TOKEN) !== null;

export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, token);
}

/** Asks for a part of the data. Rejects with a `Refusal`, and where nobody answers with whatever the browser says of that. */
export async function ask<Answer>(path: string, signal: AbortSignal): Promise<Answer> {
  const token = sessionStorage.getItem(TOKEN);
  const response = await fetch(`api/${path}`, {
    signal,
    cache: 'no-store',
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
  });
  const answer = (await response.json().catch(() => null)) as { readonly error?: Problem } | null;
  if (response.ok && answer !== null) return answer as Answer;
  const problem = answer?.error ?? { code: String(response.status), message: response.statusText };
  throw new Refusal(response.status, problem, response.headers.has('WWW-Authenticate'));
}
