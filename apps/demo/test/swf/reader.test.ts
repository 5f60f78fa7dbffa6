import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { originSeconds } from '../../src/swf/origin.js';
import { SwfReader } from '../../src/swf/reader.js';
import { temporaryFolder } from '../support/files.js';
import { readAll, record } from '../support/logs.js';

const folder = temporaryFolder();

/** Reads the lines as a log and gives its records and skips. */
async function read(...lines: readonly string[]) {
  const { log, records } = await readAll(await folder.write('log.swf', lines.join('\n')));
  const { total, byReason, first } = log.skips;
  return { header: log.header, records, ids: records.map(({ id }) => id), skips: { total, byReason, first } };
}

const GOOD = record({ id: 1 });

describe('lines', () => {
  test('a line that begins with a semicolon is header, wherever it stands', async () => {
    const { ids, skips } = await read('; Version: 2.2', GOOD, ';', '  ; a remark', record({ id: 2 }));
    expect(ids).toEqual([1, 2]);
    expect(skips.total).toBe(0);
  });

  test('CRLF, blank lines, tabs and several spaces change nothing', async () => {
    const spread = `\t ${record({ id: 2 }).replaceAll(' ', ' \t  ')}  `;
    const { ids, records, skips } = await read(`; Computer: X\r`, `${GOOD}\r`, '', '   \r', spread);
    expect(ids).toEqual([1, 2]);
    expect(records[1]).toEqual({ ...records[0], id: 2 });
    expect(skips.total).toBe(0);
  });

  test('the last line needs no end', async () => {
    expect((await read(GOOD, record({ id: 2 }))).ids).toEqual([1, 2]);
  });

  test('fields after the eighteenth are ignored, whatever they hold', async () => {
    const { ids, skips } = await read(`${GOOD} 19 twenty ; 21`);
    expect(ids).toEqual([1]);
    expect(skips.total).toBe(0);
  });

  test('fewer than 18 fields are skipped', async () => {
    const short = record({ id: 2 }).split(' ').slice(0, 17).join(' ');
    const { ids, skips } = await read(GOOD, short, '3');
    expect(ids).toEqual([1]);
    expect(skips.byReason).toEqual({ tooFewFields: 2 });
  });

  test.each(['x', '1,5', '0x10', '1e', '--1', 'NaN', 'Infinity', '1_000'])('%s is no number', async (word) => {
    const { ids, skips } = await read(GOOD, record({ id: 2, submit: word }), record({ id: word }));
    expect(ids).toEqual([1]);
    expect(skips.byReason).toEqual({ notANumber: 2 });
  });

  test('a non-number in the eighteenth field counts too', async () => {
    const { skips } = await read(GOOD, `${record({ id: 2 }).split(' ').slice(0, 17).join(' ')} none`);
    expect(skips.byReason).toEqual({ notANumber: 1 });
  });

  test('fractions are numbers', async () => {
    const { records } = await read(record({ id: 1, submit: 10.5, wait: 0.25, run: 1.5 }));
    expect(records[0]).toMatchObject({ startSeconds: 10.75, endSeconds: 12.25 });
  });

  test('an id seen before is skipped', async () => {
    const { records, skips } = await read(record({ id: 1, run: 5 }), record({ id: 2 }), record({ id: 1, run: 9 }));
    expect(records.map(({ id, endSeconds }) => [id, endSeconds])).toEqual([
      [1, 5],
      [2, 60],
    ]);
    expect(skips.byReason).toEqual({ duplicateId: 1 });
  });

  test('an id that is unknown or no whole number is skipped', async () => {
    const { ids, skips } = await read(GOOD, record({ id: -1 }), record({ id: 1.5 }));
    expect(ids).toEqual([1]);
    expect(skips.byReason).toEqual({ invalidId: 2 });
  });

  test('the first skipped lines are named, all are counted', async () => {
    const { skips } = await read('; header', 'bad', GOOD, GOOD, record({ id: 3, run: -1 }), 'bad', 'bad');
    expect(skips).toEqual({
      total: 5,
      byReason: { tooFewFields: 3, duplicateId: 1, noRunTime: 1 },
      first: [
        { line: 2, reason: 'tooFewFields' },
        { line: 4, reason: 'duplicateId' },
        { line: 5, reason: 'noRunTime' },
      ],
    });
  });
});

describe('times', () => {
  test('start is submit + wait, end is start + run time', async () => {
    const { records } = await read(record({ id: 1, submit: 100, wait: 20, run: 3 }));
    expect(records[0]).toMatchObject({ submitSeconds: 100, startSeconds: 120, endSeconds: 123 });
  });

  test('an unknown wait counts as 0', async () => {
    const { records } = await read(record({ id: 1, submit: 100, wait: -1, run: 3 }));
    expect(records[0]).toMatchObject({ startSeconds: 100, endSeconds: 103 });
  });

  test('without a run time there is no end: skipped', async () => {
    const { ids, skips } = await read(GOOD, record({ id: 2, run: -1 }));
    expect(ids).toEqual([1]);
    expect(skips.byReason).toEqual({ noRunTime: 1 });
  });

  test('a run time of 0 is known', async () => {
    expect((await read(record({ id: 1, run: 0 }))).ids).toEqual([1]);
  });

  test('without a submit time there is no start: skipped', async () => {
    const { ids, skips } = await read(GOOD, record({ id: 2, submit: -1 }));
    expect(ids).toEqual([1]);
    expect(skips.byReason).toEqual({ noSubmitTime: 1 });
  });

  test('times that no calendar holds are skipped', async () => {
    const { skips } = await read(GOOD, record({ id: 2, run: 1e300 }), record({ id: 3, submit: '1e12' }));
    expect(skips.byReason).toEqual({ impossibleTime: 2 });
  });
});

describe('states', () => {
  test.each([
    [0, 'FAILED'],
    [1, 'COMPLETED'],
    [3, 'COMPLETED'],
    [4, 'COMPLETED'],
    [5, 'CANCELLED'],
    [-1, 'COMPLETED'],
  ])('status %i is %s', async (status, state) => {
    expect((await read(record({ id: 1, status }))).records[0]?.state).toBe(state);
  });

  test('status 2 is a part of a job and skipped; the part that ends it has the id', async () => {
    const { records, skips } = await read(record({ id: 1, status: 2 }), record({ id: 1, status: 3, run: 9 }));
    expect(records.map(({ endSeconds }) => endSeconds)).toEqual([9]);
    expect(skips.byReason).toEqual({ partial: 1 });
  });
});

describe('unknown fields', () => {
  test('are null, and never -1', async () => {
    const { records } = await read(record({ id: 1, processors: -1, executable: -1 }));
    expect(records[0]).toMatchObject({ processors: null, executable: null, userId: 7, queue: 2 });
  });

  test('requested processors stand in for allocated ones', async () => {
    const words = record({ id: 1, processors: -1 }).split(' ').with(7, '32');
    expect((await read(words.join(' '))).records[0]?.processors).toBe(32);
  });
});

describe('the header', () => {
  test('gives the start and where the log is from', async () => {
    const { header } = await read(
      '; Computer: A: B',
      ';UnixStartTime:  749458803 ',
      '; TimeZoneString: US/Pacific',
      GOOD,
    );
    expect(header.computer).toBe('A: B');
    expect(header.unixStartSeconds).toBe(749458803);
    expect(header.timeZone).toBe('US/Pacific');
  });

  test('sends no control characters to a terminal', async () => {
    const { header } = await read('; Computer: \u001b[31mred\u0007', GOOD);
    expect(header.computer).toBe('[31mred');
  });

  test.each(['', '; UnixStartTime: -1', '; UnixStartTime: 0', '; UnixStartTime: unknown'])(
    'without a start (%j) absolute submit times are the time, and relative ones have none',
    async (line) => {
      const { header } = await read(line, GOOD);
      expect(header.unixStartSeconds).toBeUndefined();
      expect(originSeconds(header.unixStartSeconds, 1_000_000_000)).toBe(0);
      expect(originSeconds(header.unixStartSeconds, 0)).toBeUndefined();
    },
  );

  test('a start that it gives is the origin', () => {
    expect(originSeconds(749458803, 0)).toBe(749458803);
  });
});

describe('files', () => {
  test('a gzipped log is known by its first bytes, not by its name', async () => {
    const path = await folder.write('packed.swf', gzipSync(`${GOOD}\n${record({ id: 2 })}\n`));
    expect((await readAll(path)).records).toHaveLength(2);
  });

  test('the NASA iPSC log reads to the last line', async () => {
    const { log, records } = await readAll(
      fileURLToPath(new URL('../../data/NASA-iPSC-1993-3.1-cln.swf.gz', import.meta.url)),
    );
    expect(records).toHaveLength(18239);
    expect(log.skips.total).toBe(0);
    expect(log.header.installation).toBe('NASA Ames Research Center');
  });

  test.each([
    ['an empty file', ''],
    ['a header alone', '; Version: 2.2\n'],
    ['text', 'Dear reader,\nthis is no log.\n'],
    ['numbers of another format', '1,2,3\n4,5,6\n'],
    ['bytes without a line end', Buffer.alloc(3_000_000)],
    ['long text', 'no\n'.repeat(50_000)],
  ])('%s is no log', async (_, content) => {
    const path = await folder.write('other', content);
    await expect(readAll(path)).rejects.toMatchObject({ problem: { kind: 'notALog', path } });
  });

  test('a log whose records are all skipped has no jobs', async () => {
    const path = await folder.write('partial.swf', record({ id: 1, status: 2 }));
    await expect(readAll(path)).rejects.toMatchObject({ problem: { kind: 'noJobs', skipped: 1 } });
  });

  test('a log that breaks off inside its archive cannot be read', async () => {
    const packed = gzipSync(Array.from({ length: 5000 }, (_, id) => record({ id })).join('\n'));
    const path = await folder.write('cut.swf.gz', packed.subarray(0, packed.length / 2));
    await expect(readAll(path)).rejects.toMatchObject({
      problem: { kind: 'unreadable', reason: 'unexpected end of file' },
    });
  });

  test('a path that leads nowhere, or to a folder, cannot be read', async () => {
    const missing = folder.path('missing.swf');
    await expect(readAll(missing)).rejects.toMatchObject({
      problem: { kind: 'unreadable', path: missing, reason: 'no such file or directory' },
    });
    await expect(readAll(folder.path('.'))).rejects.toMatchObject({ problem: { kind: 'unreadable' } });
  });

  test('reading stops with the reason of its signal', async () => {
    const path = await folder.write('long.swf', Array.from({ length: 50_000 }, (_, id) => record({ id })).join('\n'));
    const controller = new AbortController();
    const reason = new Error('enough');
    const drain = async () => {
      for await (const _ of new SwfReader(path).records(controller.signal)) controller.abort(reason);
    };
    await expect(drain()).rejects.toBe(reason);
  });
});
