/** No line of a log comes near this; a file without line ends must not fill the memory. */
const MAX_LINE_LENGTH = 1024 * 1024;

/** A line that no text file has. */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
}

/** Cuts pieces of text into lines, several at a time. Ends of lines may be LF or CRLF; the CR stays on the line. */
export async function* splitLines(pieces: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) throw new LineTooLongError();
    yield lines;
  }
  if (rest !== '') yield [rest];
}
