import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flags } from '../flags.js';
import { sharedFolder } from '../folders.js';
import { asServerUser, serverUser } from '../user.js';
import type { Flavor } from './flavors.js';
import type { MysqlProgram } from './programs.js';

const run = promisify(execFile);

/** Part of the template's name: raise it when what fills it changes. */
const REVISION = 1;

/** A fresh data folder to copy. */
export async function dataTemplate(flavor: Flavor, program: MysqlProgram): Promise<string> {
  const { uid, gid } = serverUser();
  const name = `jobsweep-${flavor.name}-${program.version}-template${REVISION}-${uid}`;
  const folder = await sharedFolder(name, uid, async (draft) => {
    const data = join(draft, 'data');
    await mkdir(data, { mode: 0o700 });
    for (const path of [draft, data]) await chown(path, uid, gid);
    await (flavor.name === 'mysql' ? initializeMysql(flavor, program, data) : initializeMariadb(flavor, program, data));
  });
  return join(folder, 'data');
}

async function initializeMysql(flavor: Flavor, { command: [file, ...args] }: MysqlProgram, data: string) {
  const settings = flags({ datadir: data, ...flavor.settings, ...flavor.careless });
  await run(file, [...args, '--initialize-insecure', ...settings], asServerUser());
}

/** The server reads the making of its system tables from standard input; the script that comes with it does the same. */
async function initializeMariadb(flavor: Flavor, { command: [file, ...args], share }: MysqlProgram, data: string) {
  const settings = flags({ datadir: data, bootstrap: '', ...flavor.settings, ...flavor.careless });
  const child = spawn(file, [...args, ...settings], { ...asServerUser(), stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.write('create database mysql;\nuse mysql;\nset @auth_root_socket = null;\n');
  for (const part of ['system_tables', 'performance_tables', 'system_tables_data']) {
    child.stdin.write(await readFile(join(share, `mysql_${part}.sql`), 'utf8'));
  }
  child.stdin.end();
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`mariadbd --bootstrap: ${said.trimEnd().split('\n').slice(-2).join(' | ')}`);
}

/** Copies the template as the servers' user, so that the copy is theirs. */
export async function copyData(template: string, data: string): Promise<void> {
  await run('cp', ['-Rp', template, data], asServerUser());
}
