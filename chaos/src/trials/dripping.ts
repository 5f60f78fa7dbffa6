import { rowsOf } from '../rows.js';
import { ALL, type Trial } from '../trial.js';

const PAUSE_MS = 20;

export const dripping: Trial = {
  name: 'dripping',
  does: 'everything to and from the server comes 64 bytes at a time, 20 ms apart, then as always',
  engines: ALL,
  short: ['mariadb'],

  async run(stage) {
    const server = await stage.server();
    const cluster = await stage.cluster(
      server,
      rowsOf(stage.scaled({ leaked: 200, stale: 100, stuck: 100, old: 200 })),
    );
    const proxy = await stage.proxy(cluster.url);
    const load = stage.load(cluster);
    const runners = await stage.runners(2, cluster, proxy.url);
    proxy.drip(PAUSE_MS);
    await stage.wait(stage.isShort ? 5 : 15);
    for (const runner of runners) await stage.says(runner, '/healthz', 200, 1);
    proxy.drip(0);
    await stage.settle(cluster, runners, { load });
  },
};
