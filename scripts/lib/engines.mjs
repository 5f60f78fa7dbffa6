import { join } from 'node:path';
import { become, cleanEnv } from './processes.mjs';
import { install, quietly } from './setup.mjs';
import { root } from './workspace.mjs';

export async function engines(args) {
  if (args.join(' ') !== 'up') {
    console.error('pnpm engines up: starts servers for development, those that ENGINES names or all, until Ctrl-C');
    process.exit(2);
  }
  await install();
  await quietly('Building', ['exec', 'turbo', 'run', 'build', '--filter=@jobsweep/test-engines']);
  become(process.execPath, [join(root, 'test-engines/dist/up.js')], { env: cleanEnv() });
}
