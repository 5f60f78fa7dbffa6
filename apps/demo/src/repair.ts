import { Snapshot } from './check/snapshot.js';
import { survey } from './check/survey.js';
import { checkUntouched } from './check/untouched.js';
import { withDatabase } from './cluster/connection.js';
import type { ClusterDatabase } from './cluster/database.js';
import { type Imported, importLog } from './cluster/import.js';
import { damageCluster, type Survivors } from './damage/apply.js';
import type { DemoOptions } from './options.js';
import { passProgress } from './report/progress.js';
import type { DemoResult, ImportResult, Outcome } from './report/result.js';
import type { Stage } from './stage.js';
import { sweep } from './sweep.js';
import { originSeconds } from './swf/origin.js';
import type { SwfReader } from './swf/reader.js';
import type { SwfRecord } from './swf/record.js';
import { takeBack } from './take-back.js';

/** Fills the database at `url` from the log, damages it, repairs it, checks it, and reports on the way. */
export async function repairCluster(
  url: string,
  log: SwfReader,
  records: AsyncIterable<readonly SwfRecord[]>,
  options: DemoOptions,
  stage: Stage,
): Promise<Omit<DemoResult, 'pair' | 'server'>> {
  const { report, signal } = stage;
  return withDatabase(options.pair.database, url, signal, async (database) => {
    const filled = await fill(database, records, options, stage);
    signal.throwIfAborted();
    const imported = describeImport(log, filled, options.trace.shown);
    report.log(imported);
    const survivors = await damage(database, filled, options, stage);
    const snapshot = await Snapshot.open();
    try {
      return {
        imported,
        seed: options.damage.seed,
        ...(await repair(url, database, snapshot, survivors, options, stage)),
      };
    } finally {
      await snapshot.close();
    }
  });
}

async function fill(
  database: ClusterDatabase,
  records: AsyncIterable<readonly SwfRecord[]>,
  { rows }: DemoOptions,
  { progress, texts }: Stage,
): Promise<Imported> {
  const { read, import: laying, index } = texts.phases;
  progress.begin(read);
  const imported = await importLog(database, records, rows, {
    onLaying: (jobs) => progress.begin(laying, jobs),
    onJobs: (jobs) => progress.reach(jobs),
    onIndexing: () => progress.begin(index),
  });
  progress.end();
  return imported;
}

async function damage(
  database: ClusterDatabase,
  { ids }: Imported,
  options: DemoOptions,
  { progress, texts }: Stage,
): Promise<Survivors> {
  progress.begin(texts.phases.damage);
  return damageCluster(database, ids, options.damage);
}

async function repair(
  url: string,
  database: ClusterDatabase,
  snapshot: Snapshot,
  survivors: Survivors,
  { pair, purge, undo, keep, damage: { seed } }: DemoOptions,
  { report, progress, texts, logger, signal }: Stage,
): Promise<Outcome> {
  progress.begin(texts.phases.snapshot);
  const startedAt = await database.now();
  const before = await survey(database, snapshot, survivors, startedAt);
  signal.throwIfAborted();
  progress.end();
  report.damage(before, seed);

  const onBatch = passProgress(progress, before.health);
  const pass = await sweep(pair, url, {
    locale: texts.locale,
    purge,
    ownTables: keep || undo,
    logger,
    signal,
    onBatch,
  });

  progress.begin(texts.phases.check, before.health.jobs);
  const endedAt = await database.now();
  const checked = await checkUntouched(database, snapshot, survivors, { startedAt, endedAt, purge }, (jobs) =>
    progress.reach(jobs),
  );
  progress.end();
  const outcome = { before, pass, after: checked.state, untouched: checked.untouched };
  report.outcome(outcome);
  if (!undo) return outcome;
  const taken = await takeBack(pair, url, startedAt, signal);
  report.takenBack(taken, before);
  return { ...outcome, undo: taken };
}

function describeImport(
  { header, skips }: SwfReader,
  { ids, repetitions, log }: Imported,
  trace: string,
): ImportResult {
  const { computer, installation, unixStartSeconds, timeZone } = header;
  const origin = originSeconds(unixStartSeconds, log.firstSubmitSeconds);
  const dateOf = (seconds: number) => new Date((seconds + (origin ?? 0)) * 1000);
  const period =
    origin === undefined ? undefined : { from: dateOf(log.firstSubmitSeconds), to: dateOf(log.lastEndSeconds) };
  return { trace, computer, installation, period, timeZone, jobs: ids.length, repetitions, skips };
}
