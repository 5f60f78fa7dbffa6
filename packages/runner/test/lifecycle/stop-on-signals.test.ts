import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../fixtures/stop-on-signals.mjs', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process with a runner, in the middle of its first batch. */
async function inABatch() {
  const child = fork(script);
  children.push(child);
  const told: unknown[] = [];
  child.on('message', (message) => void told.push(message));
  const heard = async (wanted: unknown) => {
    while (!told.includes(wanted)) await once(child, 'message');
  };
  await heard('in a batch');
  return { child, told, heard, ended: once(child, 'exit') };
}

describe('A process with a runner', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('finishes the batch in hand on %s, and ends by itself', async (signal) => {
    const { child, told, heard, ended } = await inABatch();
    child.kill(signal);
    await heard('stopping');
    child.send('go on');
    expect(await ended).toEqual([0, null]);
    expect(told).toEqual(['in a batch', 'stopping', 'aborted 1']);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends at once on a second %s, with %i', async (signal, code) => {
    const { child, told, heard, ended } = await inABatch();
    child.kill('SIGTERM');
    await heard('stopping');
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(told).toEqual(['in a batch', 'stopping']);
  });
});
