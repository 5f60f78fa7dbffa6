// `pnpm check:nodes 22 24`: whether the README's two commands, which install, build, run the demo and test,
// hold on other releases of Node. Each runs them in a copy of this folder, against PostgreSQL alone; `--short` leaves out
// all tests but those of the packages that lean on Node the most.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { cleanEnv, run } from './lib/processes.mjs';
import { files, root } from './lib/workspace.mjs';

const DEFAULT_VERSIONS = ['22', '24', '26'];
const SHORT = ['core', 'runner'];

const given = process.argv.slice(2);
const isShort = given.includes('--short');
const named = given.filter((argument) => argument !== '--short');
const versions = named.length > 0 ? named : DEFAULT_VERSIONS;
const commands = [
  ['run', 'demo'],
  ['test', ...(isShort ? ['--', ...SHORT.map((name) => `--filter=@jobsweep/${name}`)] : [])],
];
const temporary = realpathSync(tmpdir());
const wrong = versions.find((version) => !/^\d+(?:\.\d+){0,2}$/.test(version));
if (wrong !== undefined) {
  console.error(`"${wrong}" is no release of Node: pnpm check:nodes ${DEFAULT_VERSIONS.join(' ')}`);
  process.exit(2);
}

let failed = false;
for (const version of versions) {
  const began = performance.now();
  const { fault, summary } = await check(version);
  failed ||= fault !== undefined;
  console.log(`Node ${version}: ${fault ?? summary}, ${Math.round((performance.now() - began) / 1000)} s`);
}
process.exit(failed ? 1 : 0);

/** Runs the commands on one release. The output of one that fails is printed, and `fault` names it. */
async function check(version) {
  const copy = mkdtempSync(join(temporary, `jobsweep on node ${version} `));
  const remove = () => rmSync(copy, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    for (const file of files()) cpSync(join(root, file), join(copy, file));
    const env = { ...cleanEnv(), ENGINES: 'postgres' };
    env.PATH = `${await folderOf(version)}${delimiter}${env.PATH}`;
    let last = '';
    for (const command of commands) {
      last = await must(`npm ${command.join(' ')}`, 'npm', command, { cwd: copy, env });
    }
    return { summary: `demo and tests hold, ${last}` };
  } catch (error) {
    return { fault: error.message };
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** The folder of a release's program, newest of its line, out of npm's package `node`. */
async function folderOf(version) {
  const folder = join(temporary, 'jobsweep-nodes', version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  await must('Fetching it', 'npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: folder });
  const bin = join(folder, 'node_modules/node/bin');
  await must('It', join(bin, 'node'), ['--version'], { cwd: folder });
  return bin;
}

/** Gives the last line of the output. */
async function must(title, command, args, options) {
  const { status, output } = await run(command, args, { capture: true, env: cleanEnv(), ...options });
  const lines = output.trimEnd();
  if (status === 0) return lines.split('\n').at(-1);
  // Somebody wants no more of it.
  if (status > 128) process.exit(status);
  console.error(lines);
  throw new Error(`${title} failed`);
}
