import { describe, expect, it } from 'vitest';
import { startEmbedded } from '../src/postgres/embedded.js';
import { query } from './query.js';
import { isAlive, isGone } from './support.js';

describe('a PostgreSQL of our own', () => {
  it('starts, answers, and leaves no process and no folder behind', async () => {
    const server = await startEmbedded({});
    expect(server).toMatchObject({ source: 'embedded', version: expect.stringMatching(/^18\./) });
    expect(await query(server.url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
    await server.stop();
    expect(await isGone(server)).toBe(true);
  });

  it('may be stopped again and at the same time', async () => {
    const server = await startEmbedded({});
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(await isGone(server)).toBe(true);
  });

  it('runs beside another one', async () => {
    const servers = await Promise.all([startEmbedded({}), startEmbedded({})]);
    const urls = new Set(servers.map((server) => server.url));
    expect(urls.size).toBe(2);
    await servers[0].stop();
    expect(await query(servers[1].url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await servers[1].stop();
  });

  it('keeps fsync on when it must be durable, and takes settings', async () => {
    const server = await startEmbedded({ durable: true, settings: { timezone: 'Asia/Tokyo' } });
    expect(await query(server.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(server.url, 'SHOW timezone')).toEqual([{ TimeZone: 'Asia/Tokyo' }]);
    await server.stop();
  });

  it('asks for a password', async () => {
    const server = await startEmbedded({});
    const stranger = new URL(server.url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    await server.stop();
  });

  it('stops on request although it was to be kept', async () => {
    const server = await startEmbedded({ keep: true });
    expect(isAlive(server.pid)).toBe(true);
    await server.stop();
    expect(await isGone(server)).toBe(true);
  });

  it('gives up the start when the signal says so', async () => {
    const reason = new Error('enough');
    await expect(startEmbedded({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const running = new AbortController();
    const start = startEmbedded({ signal: running.signal });
    setImmediate(() => running.abort(reason));
    await expect(start).rejects.toBe(reason);
  });

  it('says why it did not start', async () => {
    const start = startEmbedded({ settings: { no_such_setting: '1' } });
    await expect(start).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/no_such_setting/),
    });
  });
});
