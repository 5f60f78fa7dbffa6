import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cleanEnv, run } from './processes.mjs';
import { readManifest, root, workspacePackages } from './workspace.mjs';

/** What an earlier run found out: which pnpm is where, and what it installed. */
const NOTES = join(root, 'node_modules/.jobsweep.json');

/** What a person waits for without seeing it move gets a line after this time. */
const SILENCE_MS = 3000;

const QUIET = { npm_config_loglevel: 'error', npm_config_update_notifier: 'false', TURBO_TELEMETRY_DISABLED: '1' };

const { packageManager } = readManifest('.');

/** Runs the pnpm that package.json names. */
export async function pnpm(args, options = {}) {
  pnpmFolder ??= recall().pnpm ?? (await fetchPnpm());
  const env = cleanEnv();
  const PATH = `${pnpmFolder}${delimiter}${env.PATH}`;
  return run(join(pnpmFolder, 'pnpm'), args, { cwd: root, ...options, env: { ...env, ...QUIET, PATH } });
}

let pnpmFolder;

/** Fetches it through the npm that every Node has. Not asked again: npx turns to the registry each time. */
async function fetchPnpm() {
  const args = ['--yes', `--package=${packageManager}`, '-c', 'command -v pnpm'];
  const { status, output } = await run('npx', args, { capture: true, cwd: root, env: { ...cleanEnv(), ...QUIET } });
  const path = output.trimEnd().split('\n').at(-1);
  if (status === 0 && existsSync(path)) return dirname(path);
  console.error(`${output.trimEnd()}\n\nFetching ${packageManager} failed.`);
  process.exit(1);
}

function recall() {
  const notes = existsSync(NOTES) ? JSON.parse(readFileSync(NOTES, 'utf8')) : {};
  return notes.packageManager === packageManager && existsSync(join(notes.pnpm, 'pnpm')) ? notes : {};
}

/** Runs pnpm without a word, unless it fails or takes its time. Ends this process when it fails. */
export async function quietly(title, args) {
  const notice = setTimeout(() => console.error(`${title}...`), SILENCE_MS);
  const { status, output } = await pnpm(args, { capture: true });
  clearTimeout(notice);
  if (status === 0) return;
  console.error(`${output.trimEnd()}\n\n${title} failed.`);
  process.exit(status);
}

/** Installs what the lockfile says, unless that was done. */
export async function install() {
  const installed = fingerprint();
  if (recall().installed === installed) return;
  await quietly('Installing dependencies', ['install', '--frozen-lockfile']);
  writeFileSync(NOTES, JSON.stringify({ packageManager, pnpm: pnpmFolder, installed }));
}

function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules} ${root}`);
  const manifests = workspacePackages().map(({ folder }) => join(folder, 'package.json'));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
