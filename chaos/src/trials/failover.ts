import { connectPlain, type OwnServer } from '@jobsweep/test-engines';
import { rowsOf } from '../rows.js';
import type { Stage } from '../stage.js';
import { SQL, type Trial } from '../trial.js';

export const failover: Trial = {
  name: 'failover',
  does: 'behind one address, a standby takes the place of a killed primary: read-only for a while, then writable',
  engines: SQL,
  short: ['postgres'],

  async run(stage) {
    const primary = await stage.server({ durable: true });
    const proxy = await stage.proxy(primary.url);
    const cluster = await stage.cluster({ url: proxy.url }, rowsOf({ leaked: 300, stale: 200, stuck: 200, old: 400 }));
    await primary.kill();
    const standby = await standbyOf(stage, primary);
    await primary.restart();
    const load = stage.load(cluster);
    const runners = await stage.runners(2, cluster);
    await stage.wait(1 + Math.random());

    await primary.kill();
    proxy.retarget({ host: '127.0.0.1', port: Number(standby.port) });
    proxy.cut();
    for (const runner of runners) await stage.says(runner, '/readyz', 503);
    await stage.wait(3);
    for (const runner of runners) {
      await stage.says(runner, '/readyz', 503, 1);
      await stage.says(runner, '/healthz', 200, 1);
    }
    const admin = await connectPlain(standby.href);
    await admin.query(stage.engine === 'postgres' ? 'select pg_promote()' : 'set global read_only = 0');
    await admin.close();
    await stage.settle(cluster, runners, { load });
  },
};

/** A cold copy with the same users, which streams from the primary on PostgreSQL, and is cut off on MySQL and MariaDB. */
async function standbyOf(stage: Stage, primary: OwnServer): Promise<URL> {
  const url = new URL(primary.url);
  const copyOf = primary.dataDir;
  if (stage.engine === 'postgres') {
    const primary_conninfo = `host=127.0.0.1 port=${url.port} user=${url.username} password=${url.password}`;
    const settings = { primary_conninfo };
    const standby = await stage.server({ durable: true, copyOf, files: { 'standby.signal': '' }, settings });
    url.port = new URL(standby.url).port;
    return url;
  }
  const standby = await stage.server({ durable: true, copyOf, settings: { 'read-only': '1' } });
  const admin = await connectPlain(standby.url);
  await admin.query(`alter user ${url.username}@'%' identified by '${url.password}'`);
  await admin.close();
  url.port = new URL(standby.url).port;
  return url;
}
