import { join } from 'node:path';
import { become, cleanEnv } from './processes.mjs';
import { install, quietly } from './setup.mjs';
import { root } from './workspace.mjs';

export async function bench(args) {
  await install();
  await quietly('Building', ['exec', 'turbo', 'run', 'build', '--filter=@jobsweep/bench', '--output-logs=errors-only']);
  become(process.execPath, [join(root, 'bench/dist/cli.js'), ...args], { env: cleanEnv() });
}
