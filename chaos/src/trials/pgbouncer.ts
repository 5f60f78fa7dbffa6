import { connectPlain, startPgbouncer } from '@jobsweep/test-engines';
import { JANITOR } from '../judge.js';
import { rowsOf } from '../rows.js';
import type { Trial } from '../trial.js';

export const pgbouncer: Trial = {
  name: 'pgbouncer',
  does: 'three runners share two connections of PgBouncer in transaction mode, which the server ends now and then',
  engines: ['postgres'],
  short: ['postgres'],

  async run(stage) {
    const server = await stage.server({ durable: true });
    const cluster = await stage.cluster(server, rowsOf({ leaked: 600, stale: 400, stuck: 400, old: 800 }));
    const pooler = await startPgbouncer({ target: cluster.url, poolSize: 2 });
    stage.atEnd(() => pooler.stop());
    const load = stage.load(cluster);
    const runners = await stage.runners(3, cluster, pooler.url);
    const admin = await connectPlain(cluster.applicationUrl);
    stage.atEnd(() => admin.close());
    for (let round = 0; round < (stage.isShort ? 3 : 10); round++) {
      await stage.wait(Math.random());
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = ?', [JANITOR]);
    }
    await stage.settle(cluster, runners, { load });
  },
};
