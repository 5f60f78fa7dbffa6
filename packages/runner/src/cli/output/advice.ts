import type { Words } from '../../words/words.js';

/** An error of the library for people: in another language than its own, what to do about it, and then its message. */
export function adviceOf(
  { code, message }: { readonly code: string | null; readonly message: string },
  words: Words['failures'],
): string {
  const advice: Readonly<Record<string, string>> = words.advice ?? {};
  const own = code === null ? undefined : advice[code];
  return own === undefined ? message : `${own}。${words.said(message)}`;
}
