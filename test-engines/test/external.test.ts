import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeEngine, type EngineServer, startEngine } from '../src/index.js';
import { startEmbedded } from '../src/postgres/embedded.js';
import { query } from './query.js';

let server: EngineServer;

beforeEach(async () => {
  server = await startEmbedded({});
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

describe('PG_URL', () => {
  it('is used and left running', async () => {
    vi.stubEnv('PG_URL', server.url);
    const external = await startEngine('postgres');
    expect(external).toMatchObject({ url: server.url, source: 'PG_URL', version: server.version });
    expect(await describeEngine('postgres')).toBe(`PostgreSQL ${server.version} (PG_URL)`);
    await external.stop();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('that cannot be reached is answered with one line that says what to do, without the password', async () => {
    vi.stubEnv('PG_URL', 'postgres://me:hush@127.0.0.1:1/db?password=hush');
    const error: unknown = await startEngine('postgres').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(/PG_URL.*127\.0\.0\.1:1.*unset it/),
    });
    expect(String(error)).not.toMatch(/hush|\n/);
  });

  it('that is no URL is not repeated, since it may hold a password', async () => {
    vi.stubEnv('PG_URL', 'host=db password=hush');
    const error: unknown = await startEngine('postgres').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    expect(String(error)).not.toContain('hush');
  });
});
