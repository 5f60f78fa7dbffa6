import type { Cluster } from '../cluster.js';
import { runCommand, spawnCommand } from '../jobsweep.js';
import { type Row, rowsOf, type TableName, type Tables } from '../rows.js';
import type { Stage } from '../stage.js';
import { ALL, type Trial } from '../trial.js';

const PURGE = ['run', 'old_job_cleanup', '--yes', '--max-rows', '20'];
const CHANGES = {
  store: { schema: { archive: true } },
  runner: { batchRows: 10, claims: 'off' },
} as const;

/** The first thing that is written in a batch: a copy. All steps of the next follow. */
const FIRST = /insert.{0,80}_archive/is;

/** Every how many steps the short form kills. */
const SHORT_STRIDE = 5;

export const archiveKill: Trial = {
  name: 'archive-kill',
  does: 'a purge that archives is killed at each of its steps: a row is in the table, in the archive, or in both',
  engines: ALL,
  short: ['postgres'],

  async run(stage) {
    const server = await stage.server({ durable: true });
    const cluster = await stage.cluster(server, rowsOf({ old: 600 }));
    const proxy = await stage.proxy(cluster.url);
    const config = await stage.config(cluster, proxy.url, CHANGES);
    await runCommand(config, ['init', '--apply'], stage.signal);

    const tally = new Tally(stage, cluster);
    let kills = 0;
    for (let step = 1; ; step += stage.isShort ? SHORT_STRIDE : 1) {
      const purge = spawnCommand(config, PURGE, stage.signal);
      let sent = 0;
      proxy.onSent((text) => {
        if (sent > 0 || FIRST.test(text)) sent += 1;
        if (sent === step) purge.kill();
      });
      const wasKilled = await purge.ended;
      proxy.onSent(undefined);
      await cluster.forgetClients();
      await tally.look();
      if (!wasKilled) break;
      kills += 1;
    }
    stage.notes.push(`${kills} kills`);
    if ((await cluster.due()).old_job_cleanup === 0) stage.find('nothing was left to be killed at');

    await runCommand(config, ['run', 'old_job_cleanup', '--yes'], stage.signal);
    await tally.look();
    if ((await cluster.due()).old_job_cleanup > 0) stage.find('a purge that nobody killed left jobs that are due');
    const said = await runCommand(config, ['restore', '--yes'], stage.signal);
    await tally.look();
    const archived = await cluster.archived();
    if (archived.jobs.length + archived.allocations.length > 0)
      stage.find(`rows are in the archive once all were restored: ${said}`);
    tally.note();
  },
};

const TABLES: readonly TableName[] = ['jobs', 'allocations'];

/** Where rows are after each kill: those of the beginning, through the raw driver. */
class Tally {
  private neither = 0;
  private both = 0;

  constructor(
    private readonly stage: Stage,
    private readonly cluster: Cluster,
  ) {}

  async look(): Promise<void> {
    const [there, kept] = [await this.cluster.tables(), await this.cluster.archived()];
    for (const table of TABLES) {
      const [now, archived] = [byId(there, table), byId(kept, table)];
      for (const row of this.cluster.opening[table]) {
        const [inTable, inArchive] = [now.get(row.id ?? ''), archived.get(row.id ?? '')];
        if (inTable === undefined && inArchive === undefined) {
          this.neither += 1;
          this.stage.find(`${table} ${row.id} is in neither`);
        }
        if (inTable !== undefined && inArchive !== undefined) this.both += 1;
        const other = [inTable, inArchive].find((each) => each !== undefined && !isSame(each, row));
        if (other !== undefined) this.stage.find(`${table} ${row.id} is another one: ${JSON.stringify(other)}`);
      }
    }
  }

  note(): void {
    this.stage.notes.push(`neither ${this.neither}`, `both ${this.both}`);
  }
}

const byId = (tables: Tables, table: TableName): ReadonlyMap<string, Row> =>
  new Map(tables[table].map((row) => [row.id ?? '', row]));

const isSame = (one: Row, other: Row): boolean => JSON.stringify(one) === JSON.stringify(other);
