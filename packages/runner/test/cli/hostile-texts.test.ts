import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep } from './support/command.js';
import { inMemory } from './support/configs.js';

/** Clears the screen, rings, forges a line, turns the direction, hides a sign, and is half a character at its end. */
const NAME = 'x\u001b[2J\u0007\nwarn  forged\u202e\u200b\ud83d';
const SHOWN = String.raw`x\u{1b}[2J\u{7}\u{a}warn  forged\u{202e}\u{200b}\u{d83d}`;

const named = (text: string) =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A cluster whose stuck job has the name, whose server says it in an error, and whose catalogue has it in names. */
const hostile = (name: string) => {
  const diagnosis = `{ unknownStates: async () => [{ table: 'jobs', value: ${named(name)}, rows: 3 }], indexes: async () => [],
    references: async () => [{ table: ${named(name)}, columns: [${named(name)}], constraint: ${named(name)}, onDelete: 'blocks', isIndexed: false, mappedAs: null }],
    orphans: async () => 0, missingPrivileges: async () => [] }`;
  const refused = `Promise.reject(Object.assign(new Error(${named(name)}, { cause: Object.assign(new Error('no'), { detail: ${named(name)} }) }),
    { name: 'JobsweepError', code: 'ROW_REJECTED', constraint: ${named(name)} }))`;
  const repository = `Object.assign(Object.create(store.repository), { deleteJobsBatch: () => ${refused} })`;
  const wrap = `{ ...store, repository: ${repository}, inspect: { ...store.inspect, diagnosis: ${diagnosis} } }`;
  return aFolder({ 'jobsweep.config.mjs': inMemory({ wrap }).replace("name: 'crawl'", `name: ${named(name)}`) });
};

const hidden = /[^\P{C}\n]|[\u2028\u2029]/u;

describe('Texts of strangers in', () => {
  test.each([
    ['plan', ['plan']],
    ['a dry run', ['run', '--dry-run']],
    ['run and its log', ['run', '--verbose', 'stuck_job_cleanup', 'old_job_cleanup']],
    ['doctor', ['doctor']],
  ])('%s are shown, and do nothing', async (_what, args) => {
    const [bad, good] = await Promise.all([jobsweep(hostile(NAME), args), jobsweep(hostile('harmless'), args)]);
    for (const stream of ['stdout', 'stderr'] as const) {
      expect(bad[stream]).not.toMatch(hidden);
      expect(bad[stream].split('\n').length).toBe(good[stream].split('\n').length);
    }
    if (args[1] !== '--dry-run') expect(bad.stdout + bad.stderr).toContain(SHOWN);
  });

  test('JSON follow its rules, and come out as they were', async () => {
    const { stdout } = await jobsweep(hostile(NAME), ['plan', 'stuck_job_cleanup', '--json']);
    expect(stdout).not.toMatch(hidden);
    const { strategies } = JSON.parse(stdout) as { strategies: { samples: { description: string }[] }[] };
    expect(strategies[0]?.samples[0]?.description).toBe(`Stuck job 3 (${NAME})`);
  });

  test('errors are one line', async () => {
    const wrap = `{ ...store, inspect: { ...store.inspect, server: () => Promise.reject(new Error(${named(NAME)})) } }`;
    const { stderr } = await jobsweep(aFolder({ 'jobsweep.config.mjs': inMemory({ wrap }) }), ['list']);
    expect(stderr).toBe(`Error: ${SHOWN}\n`);
  });
});
