import stringWidth from 'string-width';

/** Below it, breaking lines helps nobody. */
const LEAST_WIDTH = 20;

/** Breaks a text between words so that it fits; every line begins with the same indent, or that of `first`. */
export function wrap(text: string, width: number, indent = '', first = indent): string {
  const room = Math.max(LEAST_WIDTH, width - stringWidth(indent));
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && stringWidth(longer) > room) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines.map((line, at) => `${at === 0 ? first : indent}${line}`.trimEnd()).join('\n');
}
