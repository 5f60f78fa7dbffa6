import { connectPlain } from '@jobsweep/test-engines';
import { rowsOf } from '../rows.js';
import { smallDisk } from '../small-disk.js';
import { SQL, type Trial } from '../trial.js';

/** PostgreSQL ends itself when its log does not fit, so only its tables are on the small disk; MySQL is there whole. */
const MEGABYTES = { postgres: 16, mysql: 300, mariadb: 300 } as const;

export const diskFull: Trial = {
  name: 'disk-full',
  does: 'the disk of the tables fills up while the runners work, and is freed; the server may refuse or wait',
  engines: SQL,
  short: ['postgres'],

  async run(stage) {
    const isPostgres = stage.engine === 'postgres';
    const disk = await smallDisk(MEGABYTES[stage.engine as keyof typeof MEGABYTES]);
    stage.atEnd(() => disk.remove());
    const server = await stage.server(
      isPostgres ? { settings: { default_tablespace: 'small' } } : { parent: disk.path },
    );
    if (isPostgres) {
      const admin = await connectPlain(server.url);
      await admin.query(`create tablespace small location '${disk.path}'`);
      await admin.query('grant create on tablespace small to public');
      await admin.close();
    }
    const cluster = await stage.cluster(server, rowsOf({ leaked: 400, stale: 300, stuck: 300, old: 600 }));
    const load = stage.load(cluster);
    const runners = await stage.runners(2, cluster);
    await stage.until('the application has begun', 20, () => load.committed > 100);
    await disk.fill();
    const late = stage.runner(cluster);
    if (isPostgres) for (const runner of runners) await stage.says(runner, '/readyz', 503);
    await stage.wait(3);
    for (const runner of runners) await stage.says(runner, '/healthz', 200, 1);
    await disk.free();
    if (server.hasEnded()) {
      stage.notes.push('the server ended by itself');
      await server.restart();
    }
    await stage.settle(cluster, [...runners, await late], { load });
  },
};
