import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { notFound, respond } from './responses.js';

const FOLDER = fileURLToPath(new URL('../../dist/assets/', import.meta.url));
const SHELL = 'index.html';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Asset {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** The page's own program, style and pictures, as they were built. Read when somebody first asks. */
export class Assets {
  private files: ReadonlyMap<string, Asset> | undefined;

  /** The page itself where no file is named. */
  answer(path: string, request: Request): Response {
    const name = path === '' ? SHELL : path;
    this.files ??= readAssets();
    const asset = this.files.get(name);
    if (asset === undefined) return notFound();
    const isZipped = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
    return respond(isZipped ? asset.zipped : asset.plain, 200, {
      'Content-Type': asset.type,
      Vary: 'Accept-Encoding',
      ...(isZipped && { 'Content-Encoding': 'gzip' }),
      // Names of the others change with what is in them.
      ...(name !== SHELL && { 'Cache-Control': 'public, max-age=31536000, immutable' }),
    });
  }
}

function readAssets(): Map<string, Asset> {
  const assets = readdirSync(FOLDER).map((name): [string, Asset] => {
    const plain = new Uint8Array(readFileSync(`${FOLDER}${name}`));
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    return [name, { plain, zipped: new Uint8Array(gzipSync(plain)), type }];
  });
  return new Map(assets);
}
