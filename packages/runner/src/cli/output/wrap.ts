import stringWidth from 'string-width';

/** Below it, breaking lines helps nobody. */
const LEAST_WIDTH = 20;

/**
 * Where a line may break: after a space, and around signs of scripts that are written without any, but not before a sign
 * that ends something, or after one that begins something.
 */
const PIECES =
  /[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF][，。；：？！、）”》]*|[（“《]+[^\s]?|[^\s\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF“”]+[，。；：？！、）”》]*|\s+|./gu;

/** Breaks a text so that it fits; every line begins with the same indent, or that of `first`. */
export function wrap(text: string, width: number, indent = '', first = indent): string {
  const room = Math.max(LEAST_WIDTH, width - stringWidth(indent));
  const lines = text.split('\n').flatMap((paragraph) => broken(paragraph, room));
  return lines.map((line, at) => `${at === 0 ? first : indent}${line}`.trimEnd()).join('\n');
}

/** Breaks each line of a text so that it fits; what goes on below it begins where its own words begin. */
export const wrapLines = (text: string, width: number): string =>
  text
    .split('\n')
    .map((line) => {
      const [lead = ''] = /^ *(?:- )?/.exec(line) ?? [];
      return wrap(line.slice(lead.length), width, ' '.repeat(lead.length), lead);
    })
    .join('\n');

/** How wide the widest piece of a text is: in fewer columns it does not fit, however its lines are broken. */
export const widestPiece = (text: string): number =>
  Math.max(0, ...(text.match(PIECES) ?? []).map((piece) => stringWidth(piece.trim())));

/** The lines of one paragraph, at most `room` columns wide; a word that is longer stays whole. */
export function broken(paragraph: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of paragraph.match(PIECES) ?? []) {
    if (line.trim() !== '' && stringWidth(`${line}${piece}`.trimEnd()) > room) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  return [...lines, line.trimEnd()];
}
