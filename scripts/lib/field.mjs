import { join } from 'node:path';
import { become, cleanEnv } from './processes.mjs';
import { install, quietly } from './setup.mjs';
import { root } from './workspace.mjs';

export async function field(args) {
  await install();
  await quietly('Building', ['exec', 'turbo', 'run', 'build', '--filter=@jobsweep/field', '--output-logs=errors-only']);
  become(process.execPath, [join(root, 'field/dist/cli.js'), ...args], { env: cleanEnv() });
}
