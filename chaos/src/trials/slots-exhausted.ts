import { connectPlain, type Plain } from '@jobsweep/test-engines';
import type { Cluster } from '../cluster.js';
import { JANITOR } from '../judge.js';
import { rowsOf } from '../rows.js';
import { SQL, type Trial } from '../trial.js';

const MAX_CONNECTIONS = '20';

export const slotsExhausted: Trial = {
  name: 'slots-exhausted',
  does: 'others take all connections of the server and jobsweep loses its own; a runner starts meanwhile; they are freed',
  engines: SQL,
  short: ['mysql'],

  async run(stage) {
    const server = await stage.server({ settings: { max_connections: MAX_CONNECTIONS } });
    const cluster = await stage.cluster(server, rowsOf({ leaked: 200, stale: 100, stuck: 100, old: 300 }));
    const load = stage.load(cluster, 2);
    const runners = await stage.runners(2, cluster);
    const admin = await connectPlain(cluster.applicationUrl);
    const hog = new Hog(cluster);
    stage.atEnd(() => Promise.all([hog.release(), admin.close()]));
    const noneIsReady = async () => {
      await hog.take();
      await hog.endOthers(admin);
      await hog.take();
      return (await Promise.all(runners.map((runner) => runner.status('/readyz')))).every((status) => status === 503);
    };
    await stage.until('/readyz is 503', 20, noneIsReady);
    const late = stage.runner(cluster);
    await stage.wait(3);
    for (const runner of runners) await stage.says(runner, '/healthz', 200, 1);
    await hog.release();
    await stage.settle(cluster, [...runners, await late], { load });
  },
};

/** Whoever takes connections as jobsweep's user and does nothing with them. */
class Hog {
  #taken: { readonly sql: Plain; readonly id: string }[] = [];

  constructor(private readonly cluster: Cluster) {}

  async take(): Promise<void> {
    try {
      for (;;) {
        const sql = await connectPlain(this.cluster.url);
        this.#taken.push({ sql, id: await sql.id() });
      }
    } catch {
      // There is no connection left.
    }
  }

  async endOthers(admin: Plain): Promise<void> {
    const isMysql = this.cluster.url.startsWith('mysql:');
    const list = isMysql
      ? 'select id from information_schema.processlist where user = ?'
      : 'select pid as id from pg_stat_activity where usename = ?';
    const own = new Set(this.#taken.map(({ id }) => id));
    for (const { id } of await admin.query(list, [JANITOR])) {
      if (own.has(String(id))) continue;
      const end = isMysql ? `kill ${id}` : `select pg_terminate_backend(${id})`;
      // It may have ended by itself.
      await admin.query(end).catch(() => undefined);
    }
  }

  async release(): Promise<void> {
    await Promise.all(this.#taken.splice(0).map(({ sql }) => sql.close().catch(() => undefined)));
  }
}
