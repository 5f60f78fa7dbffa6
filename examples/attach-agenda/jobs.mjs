import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';

const DAY_MS = 86_400_000;

/**
 * An Agenda that knows how to send mails, some of which are refused, and how to write a digest.
 *
 * @param {import('mongodb').Db} db
 */
async function startAgenda(db) {
  const agenda = new Agenda({ backend: new MongoBackend({ mongo: db }) });
  agenda.define('mail', async ({ attrs }) => {
    if (attrs.data.isRefused) throw new Error('refused');
  });
  agenda.define('digest', async () => undefined);
  await agenda.ready;
  return agenda;
}

/**
 * Seven jobs as Agenda makes and runs them, of which some were long ago.
 *
 * @param {import('mongodb').Db} db
 */
export async function fillJobs(db) {
  const agenda = await startAgenda(db);
  const jobs = db.collection('agendaJobs');
  const add = async (/** @type {string} */ name, data = {}) =>
    await agenda.create(name, data).schedule(new Date()).save();
  const pass = async (/** @type {string} */ what, /** @type {Record<string, number>} */ daysAgo) => {
    const times = Object.entries(daysAgo).map(([field, days]) => [field, new Date(Date.now() - days * DAY_MS)]);
    await jobs.updateOne({ 'data.what': what }, { $set: Object.fromEntries(times) });
  };

  for (const what of ['sent long ago', 'sent', 'sent long ago and disabled', 'refused long ago'])
    await (await add('mail', { what, isRefused: what.startsWith('refused') })).run();
  await agenda.disable({ name: 'mail', data: { what: 'sent long ago and disabled' } });
  for (const what of ['sent long ago', 'sent long ago and disabled', 'refused long ago'])
    await pass(what, { lastRunAt: 40, lastFinishedAt: 40, ...(what.startsWith('refused') && { failedAt: 40 }) });

  await agenda.schedule(new Date(Date.now() + 60 * DAY_MS), 'mail', { what: 'to be sent' });
  await (await agenda.every('1 day', 'digest', { what: 'written each day' })).run();
  await pass('written each day', { lastRunAt: 40, lastFinishedAt: 40 });

  // Its process died, and the code that defined it is gone.
  await add('import', { what: 'lost' });
  await jobs.updateOne({ 'data.what': 'lost' }, { $set: { nextRunAt: null } });
  await pass('lost', { lastRunAt: 2, lockedAt: 2 });
}
