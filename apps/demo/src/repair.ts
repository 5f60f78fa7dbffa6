import { readHealth } from './check/health.js';
import { takeSnapshot } from './check/snapshot.js';
import { countSurvivors } from './check/survivors.js';
import { checkUntouched } from './check/untouched.js';
import { type Database, databaseTime, withConnection } from './cluster/connection.js';
import { type Imported, importLog } from './cluster/import.js';
import { damageCluster, type Survivors } from './damage/apply.js';
import type { DemoOptions } from './options.js';
import { passProgress } from './report/progress.js';
import type { DemoResult, ImportResult, State } from './report/result.js';
import type { Stage } from './stage.js';
import { sweep } from './sweep.js';
import { originSeconds } from './swf/origin.js';
import type { SwfReader } from './swf/reader.js';
import type { SwfRecord } from './swf/record.js';

/** Fills the database at `url` from the log, damages it, repairs it, checks it, and reports on the way. */
export async function repairCluster(
  url: string,
  log: SwfReader,
  records: AsyncIterable<readonly SwfRecord[]>,
  options: DemoOptions,
  stage: Stage,
): Promise<DemoResult> {
  const { report, signal } = stage;
  const { purge } = options;
  const { seed } = options.damage;
  // A connection of its own, which takes the staged log with it.
  const laidOut = await withConnection(url, signal, (database) => fill(database, records, options, stage));
  const imported = describeImport(log, laidOut, options.trace.shown);
  report.log(imported);

  return withConnection(url, signal, async (database) => {
    const survivors = await damage(database, options, stage);
    const startedAt = await databaseTime(database);
    const before = await readState(database, startedAt, survivors);
    stage.progress.end();
    report.damage(before, seed);

    const { texts, logger, progress } = stage;
    const onBatch = passProgress(progress, before.health);
    const pass = await sweep(url, { locale: texts.locale, purge, logger, signal, onBatch });

    progress.begin(texts.phases.check);
    const endedAt = await databaseTime(database);
    const after = await readState(database, startedAt, survivors);
    const untouched = await checkUntouched(database, { startedAt, endedAt, purge });
    progress.end();
    const result = { imported, seed, before, pass, after, untouched };
    report.outcome(result);
    return result;
  });
}

async function fill(
  database: Database,
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

async function damage(database: Database, options: DemoOptions, { progress, texts }: Stage): Promise<Survivors> {
  progress.begin(texts.phases.damage);
  const survivors = await damageCluster(database, options.damage);
  progress.begin(texts.phases.snapshot);
  await takeSnapshot(database);
  return survivors;
}

async function readState(database: Database, at: string, survivors: Survivors): Promise<State> {
  return { health: await readHealth(database, at), survivors: await countSurvivors(database, survivors) };
}

function describeImport(
  { header, skips }: SwfReader,
  { jobs, repetitions, staged }: Imported,
  trace: string,
): ImportResult {
  const { computer, installation, unixStartSeconds, timeZone } = header;
  const origin = originSeconds(unixStartSeconds, staged.firstSubmitSeconds);
  const dateOf = (seconds: number) => new Date((seconds + (origin ?? 0)) * 1000);
  const period =
    origin === undefined ? undefined : { from: dateOf(staged.firstSubmitSeconds), to: dateOf(staged.lastEndSeconds) };
  return { trace, computer, installation, period, timeZone, jobs, repetitions, skips };
}
