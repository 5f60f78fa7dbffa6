import { libraryOf } from './adapters/pairs.js';
import { isHealthy } from './check/health.js';
import { openCluster } from './cluster/server.js';
import { SERVERS } from './cluster/servers.js';
import type { DemoOptions } from './options.js';
import { startPage } from './page/start-page.js';
import { repairCluster } from './repair.js';
import { requireWritable, writeJson } from './report/json.js';
import type { DemoResult } from './report/result.js';
import type { Stage } from './stage.js';
import { peek } from './swf/peek.js';
import { SwfReader } from './swf/reader.js';

/**
 * Tells the whole story: a log becomes a cluster, which is damaged, repaired and checked. Resolves to whether the
 * cluster is clean and nothing else changed. Leaves nothing behind, unless `keep` asks for the database.
 *
 * Throws `ReadError` and `InputError` for what the person can put right, and the reason of `signal` once it fired.
 */
export async function runDemo(options: DemoOptions, stage: Stage): Promise<boolean> {
  const { report, progress, texts, signal } = stage;
  if (options.json !== undefined) await requireWritable(options.json);
  progress.begin(texts.phases.read);
  const log = new SwfReader(options.trace.path);
  const records = await peek(log.records(signal));

  const { pair } = options;
  progress.begin(texts.phases.server(SERVERS[pair.database].title));
  const server = await openCluster(pair.database, options.keep, signal);
  let isKept = false;
  try {
    progress.end();
    report.title(server, libraryOf(pair));
    const result = { pair, server: server.name, ...(await repairCluster(server.url, log, records, options, stage)) };
    if (options.json !== undefined) await writeJson(options.json, result);
    signal.throwIfAborted();
    const isClean = judge(result);
    if (!isClean) report.notClean();
    if (options.keep) {
      const { purge } = options;
      const page = await startPage({ pair, url: server.url, locale: texts.locale, purge }, signal);
      isKept = true;
      report.kept(server, page);
    } else {
      report.next();
    }
    return isClean;
  } finally {
    progress.end();
    if (!isKept) await server.close();
  }
}

function judge({ before, pass, after, untouched, undo }: DemoResult): boolean {
  const isTakenBack = undo === undefined || undo.stuckJobs === before.health.stuckJobs;
  return pass.ok && isHealthy(after.health) && untouched.untouched && isTakenBack;
}
