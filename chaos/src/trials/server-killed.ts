import { rowsOf } from '../rows.js';
import { ALL, type Trial } from '../trial.js';

export const serverKilled: Trial = {
  name: 'server-killed',
  does: 'the server is killed in the middle of the work and started again on its data, three times',
  engines: ALL,
  short: ['postgres', 'mariadb'],

  async run(stage) {
    const server = await stage.server({ durable: true });
    const cluster = await stage.cluster(
      server,
      rowsOf(stage.scaled({ leaked: 300, stale: 200, stuck: 200, old: 400 })),
    );
    const load = stage.load(cluster);
    const runners = await stage.runners(2, cluster);
    for (let round = 0; round < (stage.isShort ? 1 : 3); round++) {
      await stage.wait(0.5 + Math.random());
      await server.kill();
      for (const runner of runners) await stage.says(runner, '/readyz', 503);
      for (const runner of runners) await stage.says(runner, '/healthz', 200, 1);
      await server.restart();
    }
    await stage.settle(cluster, runners, { load });
  },
};
