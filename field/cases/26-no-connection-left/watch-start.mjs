import { poll } from '@jobsweep/test-engines';
import pg from 'pg';

const PATIENCE = { timeoutMs: 30_000 };

/**
 * Starts jobsweep as a role whose only connection somebody else has, which the server refuses as it refuses everybody when it
 * is full; gives the connection back once jobsweep says that it waits.
 *
 * @param {import('../../src/stage.js').Stage} stage
 * @returns {Promise<string | undefined>}
 */
export async function watchStart({ url, raw, start }) {
  const role = `full_${process.pid}`;
  await raw.run(`CREATE ROLE ${role} LOGIN PASSWORD 'full' CONNECTION LIMIT 1;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
  const own = Object.assign(new URL(url), { username: role, password: 'full' }).href;
  const other = new pg.Client(own);
  await other.connect();
  const service = start('start', { DATABASE_URL: own });
  /** @type {number | null | undefined} */
  let ended;
  const finished = service.finished.then(({ status }) => {
    ended = status;
  });
  try {
    const waits = await poll(() => (/too many connections/.test(service.text) ? true : undefined), PATIENCE);
    if (waits === undefined || ended !== undefined) return `it did not wait: ${ended}\n${service.text}`;
    await other.end();
    const isFree = async () =>
      (await raw.rows('SELECT status FROM resource_allocations'))[0] === 'RELEASED' || undefined;
    if ((await poll(isFree, PATIENCE)) === undefined) return `it did not go on: ${ended}\n${service.text}`;
    return undefined;
  } finally {
    service.stop();
    await finished;
    await other.end().catch(() => undefined);
    await raw.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
}
