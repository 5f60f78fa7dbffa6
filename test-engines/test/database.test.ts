import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type EngineServer } from '../src/index.js';
import { withClient } from '../src/postgres/connect.js';
import { startEmbedded } from '../src/postgres/embedded.js';
import { query } from './query.js';

let server: EngineServer;

beforeAll(async () => {
  server = await startEmbedded({});
});

afterAll(() => server.stop());

describe('a fresh database', () => {
  it('is empty and has a readable name', async () => {
    const database = await createDatabase(server.url, { prefix: 'Races: release' });
    expect(database.name).toMatch(/^races_release_[0-9a-f]{10}$/);
    expect(await query(database.url, 'SELECT current_database() AS name')).toEqual([{ name: database.name }]);
    await database.drop();
  });

  it('is dropped while others are connected to it, and dropping it again is fine', async () => {
    const database = await createDatabase(server.url, { prefix: 'busy' });
    await withClient(database.url, () => database.drop());
    await database.drop();
    await expect(query(database.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });

  it('that the user may not create is answered with what is missing', async () => {
    await query(server.url, "CREATE ROLE guest LOGIN PASSWORD 'guest'");
    const guest = Object.assign(new URL(server.url), { username: 'guest', password: 'guest' });
    const creation = createDatabase(guest.href, { prefix: 'x' });
    await expect(creation).rejects.toMatchObject({
      code: 'ENGINE_UNSUITABLE',
      message: expect.stringMatching(/CREATEDB/),
    });
  });
});
