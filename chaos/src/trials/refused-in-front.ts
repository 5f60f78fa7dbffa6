import { connectPlain } from '@jobsweep/test-engines';
import { ago, EMPTY_JOB, rowsOf } from '../rows.js';
import { SQL, type Trial } from '../trial.js';

export const refusedInFront: Trial = {
  name: 'refused-in-front',
  does: 'the oldest 6 thousand jobs are kept by a foreign key that nobody mapped; 100 thousand behind them are deleted',
  engines: SQL,
  short: ['postgres'],

  async run(stage) {
    const [refused, deletable] = stage.isShort ? [300, 5000] : [6000, 100_000];
    const rows = rowsOf({});
    const old = Array.from({ length: refused + deletable }, (_, index) => ({
      ...EMPTY_JOB,
      id: String(1_000_000 + index),
      name: 'batch',
      state: 'COMPLETED',
      start_time: ago(60, 'days'),
      end_time: new Date(Date.now() - 50 * 86_400_000 + index * 1000).toISOString(),
      exit_code: '0:0',
    }));
    const server = await stage.server();
    const cluster = await stage.cluster(server, { ...rows, jobs: [...rows.jobs, ...old] });
    const sql = await connectPlain(cluster.applicationUrl);
    await sql.query('create table invoices (job_id bigint primary key, foreign key (job_id) references jobs (id))');
    await sql.query('insert into invoices select id from jobs where id between ? and ?', [
      1_000_000,
      1_000_000 + refused - 1,
    ]);
    await sql.close();
    const runner = await stage.runner(cluster, cluster.url, {
      runner: { batchRows: 1000 },
    });
    await stage.settle(cluster, [runner], {
      healSeconds: stage.isShort ? 150 : 900,
      leftDue: { old_job_cleanup: refused },
    });
  },
};
