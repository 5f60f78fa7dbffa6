import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianPackage } from '../debian.js';
import { EngineError, reasonOf } from '../errors.js';
import { flags } from '../flags.js';
import { asServerUser } from '../user.js';
import { type Flavor, isMariadb } from './flavors.js';

const run = promisify(execFile);

/** A server program, ready to be started with more arguments. */
export interface MysqlProgram {
  readonly command: readonly [string, ...string[]];
  /** The number of its release: `9.7.4`. */
  readonly version: string;
  readonly source: 'PATH' | 'Debian package';
  /** The folder of its texts, character sets and system tables. */
  readonly share: string;
}

/** The server program on PATH, else the one of a Debian package that is unpacked beside the system. */
export async function mysqlProgram(flavor: Flavor): Promise<MysqlProgram> {
  const onPath = await programOnPath(flavor);
  if (onPath !== undefined) return onPath;
  try {
    return await programOfDebian(flavor);
  } catch (cause) {
    const advice = `set ${flavor.variable} to a server of yours, put ${flavor.program} on PATH, or leave ${flavor.name} out of ENGINES`;
    throw new EngineError('ENGINE_UNAVAILABLE', `No ${flavor.title} here (${reasonOf(cause)}): ${advice}`, cause);
  }
}

async function programOnPath(flavor: Flavor): Promise<MysqlProgram | undefined> {
  const command = [flavor.program, '--no-defaults'] as const;
  const version = await versionOf(command).catch(() => undefined);
  // MariaDB installs a program under the name of MySQL's too.
  if (version === undefined || isMariadb(version) !== (flavor.name === 'mariadb')) return undefined;
  const { stdout } = await run(command[0], [...command.slice(1), '--verbose', '--help'], asServerUser());
  return { command, version: numberOf(version), source: 'PATH', share: shareIn(stdout) };
}

/** The `share` that the help of a server names. Releases that leave out the folder of the texts name the one beside it. */
export function shareIn(help: string): string {
  const [, texts] = /^lc-messages-dir +(\/.*)$/m.exec(help) ?? [];
  const [, besideCharsets] = /^character-sets-dir +(\/.*)\/charsets\/?$/m.exec(help) ?? [];
  return texts ?? besideCharsets ?? '/usr/share/mysql';
}

async function programOfDebian(flavor: Flavor): Promise<MysqlProgram> {
  const { suite, name } = flavor.debian;
  const { root, command } = await debianPackage(suite, name);
  const share = join(root, 'usr/share/mysql');
  const folders = {
    basedir: join(root, 'usr'),
    'lc-messages-dir': share,
    'character-sets-dir': join(share, 'charsets'),
    'plugin-dir': join(root, 'usr/lib/mysql/plugin'),
  };
  const program = [...command(`usr/sbin/${flavor.program}`), '--no-defaults', ...flags(folders)] as const;
  return { command: program, version: numberOf(await versionOf(program)), source: 'Debian package', share };
}

async function versionOf([program, ...args]: readonly [string, ...string[]]): Promise<string> {
  return (await run(program, [...args, '--version'], asServerUser())).stdout;
}

const numberOf = (version: string): string => /\d+\.\d+\.\d+/.exec(version)?.[0] ?? 'unknown';
