import { parseFields } from './fields.js';
import { Header } from './header.js';
import { LineTooLongError, splitLines } from './lines.js';
import { ReadError } from './problems.js';
import { isPartial, type SwfRecord, toRecord } from './record.js';
import { type SkipReason, Skips } from './skips.js';
import { readText } from './text.js';

/** Beyond this there is no room for the ids of further jobs in a number. */
const MAX_ID = 9e15;

/** So many lines without one good record, and the file is something else. */
const PATIENCE_LINES = 10_000;

/**
 * Reads a workload log, plain or gzipped, as a stream. `header` and `skips` fill up while `records` is read.
 *
 * @example
 * const log = new SwfReader('NASA-iPSC-1993-3.1-cln.swf.gz');
 * for await (const records of log.records()) console.log(records.length);
 * console.log(log.header.computer, log.skips.total);
 */
export class SwfReader {
  readonly header = new Header();
  readonly skips = new Skips();
  private readonly seenIds = new Set<number>();
  private wellFormed = 0;

  constructor(private readonly path: string) {}

  /**
   * The records in the log's order, some at a time. Throws `ReadError` for a file that cannot be read or has no
   * record in it, and the signal's reason once it has fired.
   */
  async *records(signal?: AbortSignal): AsyncGenerator<readonly SwfRecord[]> {
    let line = 0;
    let found = 0;
    try {
      for await (const lines of splitLines(readText(this.path, signal))) {
        const records: SwfRecord[] = [];
        for (const text of lines) {
          line += 1;
          const record = this.read(text);
          if (typeof record === 'object') records.push(record);
          else if (record !== undefined) this.skips.add(line, record);
        }
        if (this.wellFormed === 0 && this.skips.total > PATIENCE_LINES) throw this.notALog();
        found += records.length;
        if (records.length > 0) yield records;
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw this.asReadError(error);
    }
    if (this.wellFormed === 0) throw this.notALog();
    const { total, first } = this.skips;
    if (found === 0) throw new ReadError({ kind: 'noJobs', path: this.path, skipped: total, first: first[0] });
  }

  private read(text: string): SwfRecord | SkipReason | undefined {
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    if (trimmed.startsWith(';')) {
      this.header.add(trimmed);
      return undefined;
    }
    const fields = parseFields(trimmed);
    if (typeof fields === 'string') return fields;
    this.wellFormed += 1;
    const [id = -1] = fields;
    if (!Number.isInteger(id) || id < 0 || id > MAX_ID) return 'invalidId';
    // The parts of one job share its id, and their last line is the job.
    if (isPartial(fields)) return 'partial';
    if (this.seenIds.has(id)) return 'duplicateId';
    this.seenIds.add(id);
    return toRecord(fields);
  }

  private notALog(): ReadError {
    return new ReadError({ kind: 'notALog', path: this.path, line: this.skips.first[0]?.line });
  }

  private asReadError(error: unknown): unknown {
    if (error instanceof ReadError) return error;
    if (error instanceof LineTooLongError) return this.notALog();
    if (!(error instanceof Error) || !('code' in error)) return error;
    return new ReadError({ kind: 'unreadable', path: this.path, reason: systemReason(error) }, error);
  }
}

/** `ENOENT: no such file or directory, open '/x'` without the code and the call. */
function systemReason(error: Error): string {
  return error.message.replace(/^[A-Z]+: /, '').replace(/, \w+( '.*')?$/s, '');
}
