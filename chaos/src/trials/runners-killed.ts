import { CLAIM_TERM_SECONDS } from '../config.js';
import { rowsOf } from '../rows.js';
import { ALL, type Trial } from '../trial.js';

export const runnersKilled: Trial = {
  name: 'runners-killed',
  does: 'of three runners, one after the other is killed or frozen for longer than its claim, at random moments',
  engines: ALL,
  short: ['postgres', 'mysql'],

  async run(stage) {
    const server = await stage.server({ durable: true });
    const cluster = await stage.cluster(
      server,
      rowsOf(stage.scaled({ leaked: 600, stale: 400, stuck: 400, old: 800 })),
    );
    const load = stage.load(cluster);
    const runners = await stage.runners(3, cluster);
    for (let round = 0; round < (stage.isShort ? 2 : 6); round++) {
      await stage.wait(0.2 + Math.random());
      const [victim] = runners.splice(round % runners.length, 1);
      if (victim === undefined) break;
      if (round % 2 === 0) {
        await victim.kill();
        runners.push(await stage.runner(cluster));
      } else {
        victim.signal('SIGSTOP');
        await stage.wait(CLAIM_TERM_SECONDS + 2);
        victim.signal('SIGCONT');
        runners.push(victim);
      }
    }
    // The turn of the last one that was killed lapses, and whoever gets it keeps its history.
    await stage.wait(CLAIM_TERM_SECONDS + 2);
    await stage.settle(cluster, runners, { load });
  },
};
