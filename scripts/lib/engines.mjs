import { join } from 'node:path';
import { become, cleanEnv } from './processes.mjs';
import { install, quietly } from './setup.mjs';
import { root } from './workspace.mjs';

const PROGRAMS = { up: 'test-engines/dist/up.js', 'build tidb': 'test-engines/dist/build.js' };

export async function engines(args) {
  const program = PROGRAMS[args.join(' ')];
  if (program === undefined) {
    console.error('pnpm engines up: starts servers for development, those that ENGINES names or all, until Ctrl-C');
    console.error('pnpm engines build tidb: builds a TiDB for tests out of its Go modules, once');
    process.exit(2);
  }
  await install();
  await quietly('Building', ['exec', 'turbo', 'run', 'build', '--filter=@jobsweep/test-engines']);
  become(process.execPath, [join(root, program)], { env: cleanEnv() });
}
