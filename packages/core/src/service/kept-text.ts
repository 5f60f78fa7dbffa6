import { withoutSecrets } from '../without-secrets.js';

/** What no text column takes: NUL, and halves of characters. */
const UNKEPT = /[\0\p{Cs}]/gu;

/**
 * A text as the history keeps it, at most `max` characters long and without passwords. A longer one is cut,
 * never within a character, and ends in an ellipsis.
 */
export function keptText(text: string, max: number): string {
  const clean = withoutSecrets(text).replace(UNKEPT, '\uFFFD');
  if (clean.length <= max) return clean;
  // Of a character that takes two units only the first may be left.
  return `${clean.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
