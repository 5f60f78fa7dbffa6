import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep } from './support/command.js';

const COMMANDS = ['init', 'doctor', 'list', 'plan', 'run', 'start', 'history'];

describe('The command line', () => {
  test('helps when it is asked nothing, and with --help', async () => {
    const [nothing, asked] = await Promise.all([jobsweep(aFolder(), []), jobsweep(aFolder(), ['--help'])]);
    expect(nothing).toEqual(asked);
    expect(nothing).toMatchObject({ status: 0, stderr: '' });
    for (const name of COMMANDS) expect(nothing.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test.each(COMMANDS)('tells what %s takes', async (name) => {
    const { status, stdout } = await jobsweep(aFolder(), [name, '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: jobsweep ${name} `);
    expect(stdout).toContain('--config <file>');
    expect(stdout).toContain('--json');
  });

  test.each([
    [['lst'], "unknown command 'lst' (Did you mean list?)"],
    [['plan', '--sample', '3'], "unknown option '--sample' (Did you mean --samples?)"],
    [['plan', '--samples', 'many'], "--samples is 'many': give a whole number from 0 to 100"],
    [['history', '--limit', '0'], "--limit is '0': give a whole number from 1 to 1000"],
    [['run', '--max-rows', '1.5'], "--max-rows is '1.5': give a whole number from 1 on"],
  ])('refuses %j', async (args, expected) => {
    const { status, stdout, stderr } = await jobsweep(aFolder(), args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`Error: ${expected}`);
  });
});
