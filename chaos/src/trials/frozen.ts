import { STATEMENT_TIMEOUT_SECONDS } from '../config.js';
import { rowsOf } from '../rows.js';
import { ALL, type Trial } from '../trial.js';

interface Point {
  readonly sql: RegExp;
  readonly mongo: RegExp;
  /** The server still gets the words, and its answer is missing. */
  readonly delivered?: boolean;
}

const POINTS: Readonly<Record<string, Point>> = {
  begin: { sql: /BEGIN|START TRANSACTION/i, mongo: /startTransaction/ },
  statement: { sql: /update .?(jobs|resource_allocations)/i, mongo: /update\0/ },
  commit: { sql: /COMMIT(?!TED)/i, mongo: /commitTransaction/ },
  'answer to commit': { sql: /COMMIT(?!TED)/i, mongo: /commitTransaction/, delivered: true },
};

/**
 * What a runner may take to notice: deadlines of the client, one after the other, for the statement, for a look at what
 * became of a commit, and for a connection that takes their place.
 */
const NOTICE_SECONDS = 4 * (STATEMENT_TIMEOUT_SECONDS + 5);

export const frozen: Trial = {
  name: 'frozen',
  does: 'the way to the server freezes at BEGIN, in a statement, at COMMIT and at its answer, and thaws; at last SIGTERM',
  engines: ALL,
  short: ['postgres'],

  async run(stage) {
    const server = await stage.server();
    const cluster = await stage.cluster(
      server,
      rowsOf(stage.scaled({ leaked: 300, stale: 200, stuck: 200, old: 400 })),
    );
    const proxy = await stage.proxy(cluster.url);
    const load = stage.load(cluster);
    const [runner, direct] = [await stage.runner(cluster, proxy.url), await stage.runner(cluster)];
    const freezeAt = async (name: string) => {
      const { sql, mongo, delivered = false } = POINTS[name] as Point;
      let isFrozen = false;
      void proxy.freezeAt(stage.engine === 'mongodb' ? mongo : sql, { delivered }).then(() => {
        isFrozen = true;
      });
      await stage.until(`frozen at ${name}`, 30, () => isFrozen);
    };
    for (const name of stage.isShort ? ['answer to commit'] : Object.keys(POINTS)) {
      await freezeAt(name);
      await stage.says(runner, '/readyz', 503, NOTICE_SECONDS);
      await stage.says(runner, '/healthz', 200, 1);
      proxy.thaw();
      await stage.says(runner, '/readyz', 200, NOTICE_SECONDS);
    }
    const last = await stage.runner(cluster, proxy.url);
    await freezeAt('statement');
    await Promise.all([stage.stop(runner), stage.stop(last)]);
    proxy.thaw();
    await stage.settle(cluster, [direct], { load });
  },
};
