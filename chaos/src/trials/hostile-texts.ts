import { connectPlain } from '@jobsweep/test-engines';
import { runCommand } from '../jobsweep.js';
import { ago, rowsOf } from '../rows.js';
import { SQL, type Trial } from '../trial.js';

const [ESC, BEL, RLO] = ['\u001b', '\u0007', '\u202e'];
const NAME = `nightly${ESC}[2J${BEL}\nFORGED line\r${RLO}gnp.exe`;

/** No terminal is there, so nothing of jobsweep's own needs a control character but the newline. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|^FORGED/m;

export const hostileTexts: Trial = {
  name: 'hostile-texts',
  does: 'names of jobs, tables and constraints hold escapes, newlines and U+202E; no output repeats them raw',
  engines: SQL,
  short: ['postgres'],

  async run(stage) {
    const server = await stage.server();
    const cluster = await stage.cluster(server, rowsOf({ leaked: 5, stale: 5, stuck: 5, old: 5 }, NAME));
    const sql = await connectPlain(cluster.applicationUrl);
    const [table, constraint] = [sql.quoted(`t${NAME}`.slice(0, 40)), sql.quoted(`c${NAME}`.slice(0, 40))];
    await sql.query(
      `create table ${table} (job_id bigint primary key, constraint ${constraint} foreign key (job_id) references jobs (id))`,
    );
    await sql.query(`insert into ${table} select min(id) from jobs where state = 'COMPLETED' and end_time < ?`, [
      sql.timeValue(ago(35, 'days')),
    ]);
    await sql.close();
    const pretty = await stage.config(cluster, cluster.url, { log: { level: 'debug', format: 'pretty' } });
    const look = async (...args: string[]) => {
      const said = await runCommand(pretty, args, stage.signal);
      const raw = RAW.exec(said);
      if (raw !== null) {
        const around = said.slice(Math.max(0, raw.index - 60), raw.index + 60);
        stage.find(`jobsweep ${args.join(' ')} wrote ${JSON.stringify(raw[0])} raw: ${JSON.stringify(around)}`);
      }
    };
    for (const command of ['plan', 'doctor', 'list']) await look(command);
    await look('run', '--dry-run', '-v');
    const runner = await stage.runner(cluster, cluster.url, { log: { level: 'debug', format: 'pretty' } });
    await stage.settle(cluster, [runner], { leftDue: { old_job_cleanup: 1 }, mayBeNoise: true });
    for (const line of runner.noise) if (RAW.test(line)) stage.find(`start wrote ${JSON.stringify(line)}`);
    await look('history');
    await look('run', '-v', '--yes', 'old_job_cleanup');
  },
};
