/** Passwords in URLs, as errors of drivers may repeat them. */
const PASSWORDS = /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s/]+(?=@)|(?<=[?&](?:password|pwd|secret)=)[^\s&#]+/gi;

/** What no text column takes: NUL, and halves of characters. */
const UNKEPT = /[\0\p{Cs}]/gu;

/**
 * A text that a column of `max` characters holds, without passwords of URLs. A longer one is cut, never within a
 * character, and ends in an ellipsis.
 */
export function cut(text: string, max: number): string {
  const clean = text.replace(PASSWORDS, '***').replace(UNKEPT, '\uFFFD');
  if (clean.length <= max) return clean;
  // Of a character that takes two units only the first may be left.
  return `${clean.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
