import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError, reasonOf } from '../errors.js';
import type { DemoResult } from './result.js';

/** The result as programs read it. Durations in milliseconds; counts are of rows. */
function toJson({ pair, server, imported, seed, before, pass, after, untouched, undo }: DemoResult) {
  const { trace, jobs, skips } = imported;
  return {
    trace,
    seed,
    adapter: pair.adapter,
    database: pair.database,
    server,
    imported: jobs,
    skipped: { total: skips.total, byReason: skips.byReason },
    before: before.health,
    strategies: pass.strategies.map(({ name, status, pass: done }) => ({
      name,
      status,
      itemsCleaned: done?.itemsCleaned ?? 0,
      batches: done?.batches ?? 0,
      durationMs: Math.round(done?.durationMs ?? 0),
      stopReason: done?.stopReason ?? null,
    })),
    after: after.health,
    untouched: untouched.untouched,
    ...(undo && { undo }),
  };
}

/** Throws `InputError` unless a file can be written there, so that nobody waits for a result in vain. */
export async function requireWritable(path: string): Promise<void> {
  try {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) throw new Error('it is a folder');
    await access(found === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw new InputError(
      { kind: 'unwritable', path, reason: reasonOf(error).replace(/^[A-Z]+: |, \w+ '.*'$/g, '') },
      error,
    );
  }
}

/** Writes the result, indented, as UTF-8. */
export async function writeJson(path: string, result: DemoResult): Promise<void> {
  await writeFile(path, `${JSON.stringify(toJson(result), null, 2)}\n`);
}
