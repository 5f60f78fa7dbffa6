import { expect, test } from 'vitest';
import { aFolder, jobsweep } from './support/command.js';
import { inMemory } from './support/configs.js';

const ASSUMPTIONS = {
  'store.schema.jobs.columns.endTime': 'done_at is named like an end',
  'store.schema.jobs.states.COMPLETED': "'ok' (120 rows) looks like it",
};
const folder = (assumptions: object) =>
  aFolder({ 'jobsweep.config.mjs': inMemory({ more: `assumptions: ${JSON.stringify(assumptions)},` }) });

test.each([[['run']], [['run', '--dry-run']], [['start', '--no-http']]])(
  '%j refuses what nobody has confirmed, and names each',
  async (args) => {
    const { status, stdout, stderr } = await jobsweep(folder(ASSUMPTIONS), [...args, '--json']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'INVALID_CONFIG',
        problems: Object.entries(ASSUMPTIONS).map(([path, why]) => ({ path, problem: expect.stringContaining(why) })),
      },
    });
  },
);

test.each(['plan', 'list', 'doctor'])('%s works, and says that something is not confirmed', async (name) => {
  const [said, json, confirmed] = [
    await jobsweep(folder(ASSUMPTIONS), [name]),
    await jobsweep(folder(ASSUMPTIONS), [name, '--json']),
    await jobsweep(folder({}), [name]),
  ];
  expect(said.stderr).toContain('2 assumptions in jobsweep.config.mjs are not confirmed');
  expect(said.stdout).toContain('stuck_job_cleanup');
  expect(JSON.parse(json.stderr)).toMatchObject({ warning: { message: expect.stringContaining('2 assumptions') } });
  expect(confirmed).toMatchObject({ status: said.status, stderr: '' });
});

test('a config whose assumptions are confirmed runs', async () => {
  expect(await jobsweep(folder({}), ['run'])).toMatchObject({ status: 0, stderr: '' });
});
