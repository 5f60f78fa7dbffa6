import { throwIfAborted } from '../errors.js';
import type { RowVersion } from '../model.js';
import type { WriteOptions, WriteOutcome } from '../repository.js';
import { PAGE_ROWS } from './related.js';

/** A row of the port: two of them are one where their exact ids are the same. */
export interface Ided {
  readonly id: string;
  readonly version?: RowVersion | undefined;
}

/** What one chunk did. The `rest` of it was not looked at yet. */
export interface Written<Row, Changed> extends Omit<WriteOutcome<Changed>, 'rest'> {
  readonly rest?: readonly Row[];
}

/** Writes rows in chunks of what one statement takes, each row once, and says what became of all of them. */
export async function inChunks<Row extends Ided, Changed extends Ided>(
  rows: readonly Row[],
  { signal, mayLeave = false }: WriteOptions<never>,
  write: (chunk: readonly Row[]) => Promise<Written<Row, Changed>>,
): Promise<WriteOutcome<Changed>> {
  const chunks: Written<Row, Changed>[] = [];
  let waiting = eachOnce(rows);
  let isLeaving = false;
  while (waiting.length > 0 && !isLeaving) {
    throwIfAborted(signal);
    const chunk = await write(waiting.slice(0, PAGE_ROWS));
    chunks.push(chunk);
    const { rest = [] } = chunk;
    waiting = [...rest, ...waiting.slice(PAGE_ROWS)];
    isLeaving = mayLeave && rest.length > 0;
  }
  const holding = chunks.flatMap((chunk) => chunk.holding ?? []);
  return {
    changed: chunks.flatMap(({ changed }) => changed),
    contended: chunks.flatMap(({ contended }) => contended),
    ...(holding.length > 0 && { holding }),
    ...(waiting.length > 0 && { rest: waiting.map(({ id }) => id) }),
  };
}

function eachOnce<Row extends Ided>(rows: readonly Row[]): readonly Row[] {
  const seen = new Set<string>();
  const isFirst = ({ id, version }: Row) => seen.size < seen.add(version?.id ?? id).size;
  return rows.filter(isFirst);
}
