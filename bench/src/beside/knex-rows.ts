import createKnex from 'knex';
import type { Act, Worker } from '../contender.js';
import { STALE_ERROR, STUCK_ERROR } from '../hand/words.js';
import {
  FINISHED_STATES,
  minutesAgo,
  OLD_MINUTES,
  STALE_MINUTES,
  STUCK_MINUTES,
  UNRELEASED_STATUSES,
} from './people.js';

interface Found {
  readonly id: string;
  readonly job_id: string;
}

/** Row by row with knex, as people write it. */
export async function knexRows(url: string): Promise<Worker> {
  const isMysql = url.startsWith('mysql:');
  const connection: object = isMysql ? { uri: url, timezone: 'Z' } : { connectionString: url };
  const knex = createKnex({ client: isMysql ? 'mysql2' : 'pg', connection });
  const fail = (id: string, message: string, code: string) =>
    knex('jobs').where({ id }).update({ state: 'FAILED', end_time: new Date(), error_msg: message, exit_code: code });
  const release = (where: object) =>
    knex('resource_allocations').where(where).update({ status: 'RELEASED', released_time: new Date() });

  const finders: Record<Act, () => PromiseLike<Found[]>> = {
    purge: () => knex('jobs').whereIn('state', FINISHED_STATES).where('end_time', '<', minutesAgo(OLD_MINUTES)),
    release: () =>
      knex('resource_allocations')
        .join('jobs', 'jobs.id', 'resource_allocations.job_id')
        .whereIn('status', UNRELEASED_STATUSES)
        .whereIn('state', FINISHED_STATES)
        .select('resource_allocations.*'),
    stale: () =>
      knex('resource_allocations')
        .join('jobs', 'jobs.id', 'resource_allocations.job_id')
        .where({ status: 'RESERVED', state: 'RUNNING' })
        .where('allocation_time', '<', minutesAgo(STALE_MINUTES))
        .select('resource_allocations.*'),
    fail: () => knex('jobs').where({ state: 'RUNNING' }).where('start_time', '<', minutesAgo(STUCK_MINUTES)),
  };
  const repair: Record<Act, (row: Found) => Promise<unknown>> = {
    purge: ({ id }) =>
      knex.transaction(async (trx) => {
        await trx('resource_allocations').where({ job_id: id }).delete();
        await trx('jobs').where({ id }).delete();
      }),
    release: async ({ id }) => release({ id }),
    async stale({ id, job_id }) {
      await fail(job_id, STALE_ERROR, '-3:0');
      await release({ id });
    },
    async fail({ id }) {
      await fail(id, STUCK_ERROR, '-2:0');
      await release({ job_id: id });
    },
  };
  return {
    async drain(act) {
      const due = await finders[act]();
      for (const row of due) await repair[act](row);
      return due.length;
    },
    close: () => knex.destroy(),
  };
}
