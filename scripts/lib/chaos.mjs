import { join } from 'node:path';
import { become, cleanEnv } from './processes.mjs';
import { install, quietly } from './setup.mjs';
import { root } from './workspace.mjs';

export async function chaos(args) {
  await install();
  await quietly('Building', ['exec', 'turbo', 'run', 'build', '--filter=@jobsweep/chaos', '--output-logs=errors-only']);
  become(process.execPath, [join(root, 'chaos/dist/cli.js'), ...args], { env: cleanEnv() });
}
