import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { poll } from '../src/waiting.js';
import { hold, isAlive, isGone } from './support.js';

describe('when the process that started it ends', () => {
  it('the server goes too, by SIGKILL', async () => {
    const { holder, held } = await hold({}, 'wait');
    expect(isAlive(held.pid)).toBe(true);
    holder.kill('SIGKILL');
    expect(await isGone(held)).toBe(true);
  });

  it('the server goes too, by an ordinary end', async () => {
    const { held } = await hold({}, 'leave');
    expect(await isGone(held)).toBe(true);
  });

  it('the server lives on when it is to be kept', async () => {
    const { holder, held } = await hold({ keep: true }, 'leave');
    if (holder.exitCode === null) await new Promise((resolve) => holder.once('exit', resolve));
    expect(isAlive(held.pid)).toBe(true);
    process.kill(held.pid, 'SIGQUIT');
    const ended = () => (existsSync(join(held.dataDir, 'postmaster.pid')) ? undefined : true);
    expect(await poll(ended, { timeoutMs: 15_000 })).toBe(true);
    await rm(dirname(held.dataDir), { recursive: true });
  });
});
