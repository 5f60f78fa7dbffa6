import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Holding } from '../cluster/rows.js';

const [pack, unpack] = [promisify(deflateRaw), promisify(inflateRaw)];
const QUICKLY = { level: 1 };

/**
 * A copy of the cluster outside its database, to compare with after the pass: a file without a name, which goes with
 * the process that wrote it, however that ends.
 */
export class Snapshot {
  private readonly pages: { readonly from: number; readonly bytes: number }[] = [];
  private end = 0;

  private constructor(private readonly file: FileHandle) {}

  static async open(): Promise<Snapshot> {
    const folder = await mkdtemp(join(tmpdir(), 'jobsweep-demo-'));
    try {
      return new Snapshot(await open(join(folder, 'snapshot'), 'w+', 0o600));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Adds a page; pages come in the order of their jobs. */
  async add(page: readonly Holding[]): Promise<void> {
    const packed = await pack(JSON.stringify(page), QUICKLY);
    await this.file.write(packed, 0, packed.length, this.end);
    this.pages.push({ from: this.end, bytes: packed.length });
    this.end += packed.length;
  }

  /** What was added, page by page. */
  async *read(): AsyncGenerator<readonly Holding[]> {
    for (const { from, bytes } of this.pages) {
      const { buffer } = await this.file.read(Buffer.alloc(bytes), 0, bytes, from);
      yield JSON.parse(String(await unpack(buffer))) as Holding[];
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
