import type { Words } from '../../words/words.js';

/** An error of the library for people: in another language than its own, what to do about it, and then its message. */
export function adviceOf(
  { code, message }: { readonly code: string | null; readonly message: string },
  words: Words['failures'],
): string {
  const advice: Readonly<Record<string, string>> = words.advice ?? {};
  return withAdvice(code === null ? undefined : advice[code], message, words);
}

/** What to do, and then a message that is in another language; without advice the message alone. */
export const withAdvice = (advice: string | undefined, message: string, words: Words['failures']): string =>
  advice === undefined ? message : words.said(advice, message);
