import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { main } from '../../../src/cli/main.js';

/** A stream that says it is a terminal, and what was written to it. */
export function aTerminal(columns: number) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns,
    rows: 40,
    hasColors: () => true,
    getColorDepth: () => 8,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
    clearScreenDown: () => true,
    // Prompts end what they write to, which a real terminal does not take part in.
    end: () => stream,
  });
  let wake: () => void = () => undefined;
  stream.on('data', (chunk: Buffer) => {
    written.push(chunk.toString());
    wake();
  });
  const text = () => written.join('');
  return {
    stream: stream as unknown as NodeJS.WriteStream & NodeJS.ReadStream,
    text,
    plain: () => stripVTControlCharacters(text()),
    async shows(expected: string): Promise<void> {
      while (!stripVTControlCharacters(text()).includes(expected)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

interface OnTerminal {
  readonly columns?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Runs a command on a terminal of its own. */
export function onTerminal(
  folder: string,
  args: readonly string[],
  { columns = 120, env = {}, signal = new AbortController().signal }: OnTerminal = {},
) {
  const [stdout, stderr] = [aTerminal(columns), aTerminal(columns)];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const surroundings = {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env,
    folder,
  };
  const ended = main(args, surroundings, signal);
  return { stdout, stderr, ended, answer: (text: string) => stdin.write(text) };
}
