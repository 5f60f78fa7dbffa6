import { knexStore } from '@jobsweep/repo-knex';
import { beforeEach, describe, expect, test } from 'vitest';
import { Interrupted } from '../../src/cli/interruption.js';
import { useCluster } from '../support/cluster.js';
import { aFolder, jobsweep } from './support/command.js';
import { onPostgres } from './support/configs.js';
import { onTerminal } from './support/terminal.js';

const STUCK = 'stuck_job_cleanup';
const cluster = useCluster();

beforeEach(() => cluster.damageWithOwnTables());

const RESOURCE = { allocations: { columns: { resource: 'node' } } };
const config = (schema: object = {}) => onPostgres({ store: { schema }, strategies: { [STUCK]: { breaker: false } } });
const command = (args: readonly string[], schema?: object) =>
  jobsweep(aFolder({ 'jobsweep.config.json': config(schema) }), args, { PG_URL: cluster.url });
const passOf = async () => {
  expect((await command(['run', STUCK])).status).toBe(0);
  const [pass] = await knexStore(cluster.knex).journal.read({ strategy: STUCK, limit: 1 });
  return pass?.id ?? '';
};
const failedJobs = async () =>
  Number((await cluster.sql.query<{ n: string }>("select count(*) n from jobs where exit_code = '-2:0'")).rows[0]?.n);

/** Another one has the turn; gives what gives it back. */
async function heldByAnother() {
  const { claims } = knexStore(cluster.knex);
  const answer = await claims.acquire({ strategy: STUCK, holder: 'host-9:1:aa', termSeconds: 60 });
  if (answer.outcome !== 'claimed') throw new Error(`The turn is ${answer.outcome}`);
  return () => claims.release(answer.claim, { empty: true });
}

describe('An allocation whose row names no resource', () => {
  test('is told apart from a mapping that names none', async () => {
    await cluster.sql.query('alter table resource_allocations add node text');
    const id = await passOf();
    const { stdout } = await command(['undo', id, '--dry-run'], RESOURCE);
    expect(stdout).toContain('14 rows stay as they are: they are allocations, and their rows name no resource (');
    const unmapped = await command(['undo', id, '--dry-run']);
    expect(unmapped.stdout).toContain('they are allocations, and schema.allocations.columns.resource does not say');
  });
});

describe('A turn that another one has', () => {
  const undo = async (...more: string[]) => {
    const id = await passOf();
    const giveBack = await heldByAnother();
    const controller = new AbortController();
    const folder = aFolder({ 'jobsweep.config.json': config() });
    const options = { env: { PG_URL: cluster.url }, columns: 200, signal: controller.signal };
    return { ...onTerminal(folder, ['undo', id, '--yes', ...more], options), giveBack, controller };
  };

  test('is waited for, which is told at once', async () => {
    const { stdout, stderr, ended, giveBack } = await undo();
    await stderr.shows(`${STUCK} is paused. Waiting for its turn, which host-9:1:aa has, for 61 s at most.`);
    expect(stdout.text()).toBe('');
    await giveBack();
    expect(await ended).toBe(1);
    expect(stdout.plain()).toContain('Put 14 rows back.');
    expect(stderr.plain().match(/Waiting/g)).toHaveLength(1);
  });

  test('is waited for while it is being taken, and nobody can tell by whom', async () => {
    const id = await passOf();
    const folder = aFolder({ 'jobsweep.config.json': config() });
    await command(['pause', STUCK]);
    await cluster.sql.query(`begin; update jobsweep_claims set holder = 'host-9:1:aa' where strategy = '${STUCK}'`);
    const options = { env: { PG_URL: cluster.url }, columns: 200 };
    const { stderr, ended } = onTerminal(folder, ['undo', id, '--yes'], options);
    await stderr.shows('Waiting for its turn, which another process has, for 61 s at most.');
    await cluster.sql.query('rollback');
    expect(await ended).toBe(1);
  });

  test('is waited for in JSON as well', async () => {
    const { stdout, stderr, ended, giveBack } = await undo('--json');
    await stderr.shows('}}\n');
    const { warning } = JSON.parse(stderr.text()) as { warning: { message: string } };
    expect(warning.message).toContain('Waiting for its turn, which host-9:1:aa has');
    await giveBack();
    await ended;
    expect(JSON.parse(stdout.text())).toMatchObject({ undone: 14 });
  });

  test('is not waited for after Ctrl-C, and the pause that stays is told', async () => {
    const { stderr, ended, controller } = await undo();
    await stderr.shows('Waiting');
    controller.abort(new Interrupted('SIGINT'));
    expect(await ended).toBe(130);
    expect(stderr.plain()).toContain(`${STUCK} is paused, or its next pass would do the same again.`);
    expect(await failedJobs()).toBe(14);
  });
});

test('Ctrl-C while rows are put back ends with 130, and what was put back stays and is told', async () => {
  await cluster.sql.query(`insert into jobs (id, name, state, start_time)
    select id, 'stuck', 'RUNNING', now() - interval '3 days' from generate_series(1001, 3000) as id`);
  const id = await passOf();
  const controller = new AbortController();
  let batches = 0;
  const surroundings = globalThis as { onPutBack?: () => void };
  surroundings.onPutBack = () => {
    batches += 1;
    if (batches === 2) controller.abort(new Interrupted('SIGINT'));
  };
  const folder = aFolder({
    'jobsweep.config.mjs': `
      import { openStore } from '@jobsweep/repo-knex';
      export default {
        async open() {
          const { store, close } = await openStore({ url: '${cluster.url}' });
          const putBack = (session, changes, options) => {
            if (!options?.dryRun) globalThis.onPutBack();
            return store.changes.putBack(session, changes, options);
          };
          return { store: { ...store, changes: { ...store.changes, putBack } }, close };
        },
      };`,
  });
  const { stdout, ended } = onTerminal(folder, ['undo', id, '--yes'], { signal: controller.signal });
  expect(await ended).toBe(130);
  const [, put = ''] = /^Put (\d+) rows back\.$/m.exec(stdout.plain()) ?? [];
  expect(Number(put)).toBeGreaterThan(0);
  expect(await failedJobs()).toBe(2014 - Number(put));
  expect(stdout.plain()).toContain('It was interrupted: what was put back stays so. Run it again for the rest.');
  expect(stdout.plain()).toContain(`${STUCK} is paused`);
});
