import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const GZIP = Buffer.from([0x1f, 0x8b]);

/** The text of a file, plain or gzipped (its first bytes tell, not its name), a piece at a time. */
export async function* readText(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  const file: Readable = createReadStream(path, { signal });
  const chunks = file.iterator() as AsyncIterableIterator<Buffer>;
  try {
    const first = await chunks.next();
    if (first.done) return;
    const whole = Readable.from(startingWith(first.value, chunks), { objectMode: false });
    const bytes = first.value.subarray(0, GZIP.length).equals(GZIP) ? unzip(whole) : whole;
    const decoder = new TextDecoder();
    for await (const chunk of bytes as AsyncIterable<Buffer>) yield decoder.decode(chunk, { stream: true });
  } finally {
    file.destroy();
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function unzip(source: Readable): Readable {
  const plain = new PassThrough();
  pipeline(source, createGunzip(), plain).catch((error: Error) => plain.destroy(error));
  return plain;
}
