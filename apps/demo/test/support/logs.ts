import { SwfReader } from '../../src/swf/reader.js';
import type { SwfRecord } from '../../src/swf/record.js';

interface Fields {
  readonly id: number | string;
  readonly submit?: number | string;
  readonly wait?: number;
  readonly run?: number;
  readonly processors?: number;
  readonly status?: number;
  readonly executable?: number;
}

/** The 18 fields of one record, as the archive writes them. */
export function record({
  id,
  submit = 0,
  wait = 0,
  run = 60,
  processors = 4,
  status = 1,
  executable = -1,
}: Fields): string {
  return [id, submit, wait, run, processors, -1, -1, -1, -1, -1, status, 7, 1, executable, 2, -1, -1, -1].join(' ');
}

/** A log of `jobs` jobs, one every `stepSeconds`, some of them failed or cancelled. */
export function sampleLog(jobs: number, stepSeconds = 600): string {
  const lines = Array.from({ length: jobs }, (_, index) =>
    record({
      id: index + 1,
      submit: index * stepSeconds,
      wait: index % 50,
      run: 30 + (index % 7) * 100,
      status: [1, 1, 1, 0, 5][index % 5] ?? 1,
    }),
  );
  return [
    '; Version: 2.2',
    '; Computer: Sample 3000',
    '; Installation: Somewhere',
    '; UnixStartTime: 1000000000',
    ...lines,
    '',
  ].join('\n');
}

/** All that a reader makes of a file. */
export async function readAll(path: string): Promise<{ log: SwfReader; records: SwfRecord[] }> {
  const log = new SwfReader(path);
  const records: SwfRecord[] = [];
  for await (const some of log.records()) records.push(...some);
  return { log, records };
}
