import type { SwfRecord } from '../swf/record.js';

const FIELDS = [
  'id',
  'submitSeconds',
  'startSeconds',
  'endSeconds',
  'processors',
  'userId',
  'executable',
  'queue',
] as const;
const STATES = ['COMPLETED', 'FAILED', 'CANCELLED'] as const satisfies readonly SwfRecord['state'][];

const WIDTH = FIELDS.length + 1;
const PIECE_RECORDS = 10_000;

/** The records of a log, each in 72 bytes, to be laid out as often as it takes. Times are seconds on the log's own clock. */
export class StagedLog {
  private readonly pieces: Float64Array[] = [];
  private count = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;

  get jobs(): number {
    return this.count;
  }

  get firstSubmitSeconds(): number {
    return this.first;
  }

  get lastEndSeconds(): number {
    return this.last;
  }

  add(record: SwfRecord): void {
    const at = this.count % PIECE_RECORDS;
    if (at === 0) this.pieces.push(new Float64Array(PIECE_RECORDS * WIDTH));
    const values = FIELDS.map((field) => record[field] ?? Number.NaN);
    this.pieces.at(-1)?.set([...values, STATES.indexOf(record.state)], at * WIDTH);
    this.count += 1;
    this.first = Math.min(this.first, record.submitSeconds);
    this.last = Math.max(this.last, record.endSeconds);
  }

  /** The record at a place from 0 to `jobs` - 1. */
  at(place: number): SwfRecord {
    const from = (place % PIECE_RECORDS) * WIDTH;
    const piece = this.pieces[Math.floor(place / PIECE_RECORDS)] ?? new Float64Array();
    const value = (index: number) => piece[from + index] ?? Number.NaN;
    const known = (index: number) => (Number.isNaN(value(index)) ? null : value(index));
    return {
      id: value(0),
      submitSeconds: value(1),
      startSeconds: value(2),
      endSeconds: value(3),
      processors: known(4),
      userId: known(5),
      executable: known(6),
      queue: known(7),
      state: STATES[value(8)] ?? 'COMPLETED',
    };
  }
}

/** Reads at most `maxJobs` records of a log. */
export async function stageLog(log: AsyncIterable<readonly SwfRecord[]>, maxJobs: number): Promise<StagedLog> {
  const staged = new StagedLog();
  for await (const records of log) {
    for (const record of records) {
      if (staged.jobs === maxJobs) return staged;
      staged.add(record);
    }
  }
  return staged;
}
