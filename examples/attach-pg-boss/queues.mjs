import pg from 'pg';
import PgBoss from 'pg-boss';

/** A job's id, short enough to be read. */
export const id = (/** @type {number} */ number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** pg-boss without its own maintenance, which would end these jobs its way. */
export async function startBoss(/** @type {string} */ url) {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  return boss;
}

/**
 * Two queues as pg-boss makes them, with jobs in every state.
 *
 * @param {PgBoss} boss
 * @param {string} url
 */
export async function fillQueues(boss, url) {
  await boss.createQueue('mail-failed');
  await boss.createQueue('mail', {
    name: 'mail',
    policy: 'standard',
    deadLetter: 'mail-failed',
    retryLimit: 2,
    expireInSeconds: 3600,
  });
  await boss.createQueue('report');
  await fillArchive(boss, url);
  for (const number of [1, 2, 3, 4, 5]) await boss.send('mail', { to: number }, { id: id(number) });
  await boss.fetch('mail', { batchSize: 4 });
  await boss.complete('mail', id(3));
  await boss.fail('mail', id(4), { reason: 'refused' });
  // The application gives ids of its own, so another queue may have the same one.
  await boss.send('report', {}, { id: id(1) });
  await boss.fetch('report');
  await backdate(url, 1, 'started_on', '3 days');
}

/**
 * Mails that ended long ago: 11 was sent, 12 and 13 failed, 14 was cancelled. 13 ended before the others.
 *
 * @param {PgBoss} boss
 * @param {string} url
 */
async function fillArchive(boss, url) {
  for (const number of [11, 12, 13, 14]) await boss.send('mail', { to: number }, { id: id(number), retryLimit: 0 });
  await boss.fetch('mail', { batchSize: 4 });
  await boss.complete('mail', id(11));
  for (const number of [12, 13]) await boss.fail('mail', id(number), { reason: 'refused' });
  await boss.cancel('mail', id(14));
  for (const number of [11, 12, 14]) await backdate(url, number, 'completed_on', '30 days');
  await backdate(url, 13, 'completed_on', '100 days');
  await boss.archive();
}

/**
 * Lets time pass for one mail.
 *
 * @param {string} url
 * @param {number} number
 * @param {'started_on' | 'completed_on'} column
 * @param {string} age
 */
async function backdate(url, number, column, age) {
  const client = new pg.Client(url);
  await client.connect();
  const where = `where name = 'mail' and id = '${id(number)}'`;
  await client.query(`update pgboss.job set ${column} = now() - interval '${age}' ${where}`);
  await client.end();
}
