import { describe, expect, it, vi } from 'vitest';
import { inAttempts, JobsweepError } from '../src/index.js';
import { errorWith } from './support.js';

const conflict = new JobsweepError('CONFLICT', 'Another one was first.');
const refused = new JobsweepError('ROW_REJECTED', 'No.');

describe('work in attempts', () => {
  it('runs again after contention, and gives what it came to', async () => {
    const once = vi.fn(async () => 'done').mockRejectedValueOnce(conflict);
    expect(await inAttempts(once, {}, { maxAttempts: 2 })).toBe('done');
    expect(once).toHaveBeenCalledTimes(2);
  });

  it('gives up with the last error', async () => {
    const once = vi.fn(() => Promise.reject(conflict));
    await expect(inAttempts(once, {}, { maxAttempts: 2 })).rejects.toBe(conflict);
    expect(once).toHaveBeenCalledTimes(2);
  });

  it('runs once only where another error says that it may have been done, or never will be', async () => {
    for (const error of [refused, new JobsweepError('COMMIT_UNKNOWN', 'Lost.'), new Error('Of the work itself')]) {
      const once = vi.fn(() => Promise.reject(error));
      await expect(inAttempts(once, {}, { maxAttempts: 9 })).rejects.toBe(error);
      expect(once).toHaveBeenCalledTimes(1);
    }
  });

  it('goes by what an adapter knows of its errors', async () => {
    const once = vi.fn(async () => 'done').mockRejectedValueOnce(refused);
    const isTransient = (error: unknown) => error === refused;
    expect(await inAttempts(once, {}, { maxAttempts: 2, isTransient })).toBe('done');
  });

  it('ends in the pause when its signal fires, and does not begin after that', async () => {
    const { signal, abort } = stopping();
    const once = vi.fn(() => {
      queueMicrotask(abort);
      return Promise.reject(conflict);
    });
    await expect(inAttempts(once, { signal }, { maxAttempts: 9 })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(inAttempts(once, { signal }, { maxAttempts: 9 })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(once).toHaveBeenCalledTimes(1);
  });

  it.each(['timeoutSeconds', 'idleTimeoutSeconds'])('begins nothing with a %s that bounds nothing', async (field) => {
    const once = vi.fn();
    const message = `${field} is 0: give seconds above 0.`;
    await expect(inAttempts(once, { [field]: 0 }, { maxAttempts: 1 })).rejects.toThrow(
      errorWith('INVALID_OPTION', message),
    );
    expect(once).not.toHaveBeenCalled();
  });
});

function stopping() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
