import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  argumentsOf,
  COMMAND_PAGES,
  commandsOf,
  rewrite,
  settle,
  stepsOf,
  withInstalledPackages,
} from './support/commands.js';
import { withDatabasesFor } from './support/database.js';
import { runNode } from './support/run.js';

test.concurrent.for(COMMAND_PAGES)(
  '%s shows what its commands print, one after the other in one folder',
  async (page) => {
    const commands = commandsOf(page);
    const printed = await withInstalledPackages((folder) => withDatabasesFor(page, (env) => runAll(page, folder, env)));
    if (process.env.UPDATE === '1') return rewrite(page, printed);
    const shown = commands.map((command) => settle(command.shown));
    // A command without a block after it prints what another page shows.
    expect(printed.map((output, index) => (shown[index] === '' ? '' : settle(output)))).toEqual(shown);
  },
);

async function runAll(page: string, folder: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const printed: string[] = [];
  for (const step of stepsOf(page)) {
    if ('name' in step) {
      writeFileSync(join(folder, step.name), step.text);
      continue;
    }
    const plain = { ...env, NO_COLOR: '1', FORCE_COLOR: undefined };
    printed.push(
      await runNode(argumentsOf(step.line, folder), plain, ({ output, status }) => {
        expect(status, output).toBeLessThan(2);
        return output.trimEnd();
      }),
    );
  }
  return printed;
}
