import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { argumentsOf, commandsOf, startsOf, withInstalledPackages } from './support/commands.js';
import { runSql, withDatabasesFor } from './support/database.js';
import { runNode } from './support/run.js';

const PAGE = 'docs/operations.md';

test(`of the runners that ${PAGE} starts one goes on when the other is killed`, async () => {
  const lines = startsOf(PAGE);
  expect(lines).toHaveLength(2);
  await withInstalledPackages((folder) =>
    withDatabasesFor(PAGE, async ({ PG_URL: url = '' }) => {
      for (const { line } of commandsOf(PAGE))
        await runNode(argumentsOf(line, folder), { PG_URL: url }, () => undefined);
      const runners = lines.map((line) => start(line, folder, url));
      try {
        await Promise.all(runners.map(serving));
        await leak(url);
        const first = await repairer(url);
        const killed = runners.find(({ pid }) => first.includes(`:${pid}:`));
        expect(killed, `${first} is none of the runners`).toBeDefined();
        killed?.kill('SIGKILL');
        await leak(url);
        expect(await repairer(url)).not.toBe(first);
      } finally {
        for (const runner of runners) runner.kill('SIGKILL');
      }
    }),
  );
});

/** A runner as the page starts it, but for the port: that one may not be free here. */
function start(line: string, folder: string, url: string): ChildProcess {
  const args = argumentsOf(line.replace(/ --port \d+/, ''), folder);
  return spawn(process.execPath, [...args, '--port', '0'], {
    env: { ...process.env, PG_URL: url },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Resolves when a runner says that it has started. */
function serving({ stderr }: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Started, serving')) resolve();
    });
    stderr?.once('end', () => reject(new Error(`The runner ended: ${log}`)));
  });
}

/** Two jobs that ended hold their allocations again, and the history is empty. */
async function leak(url: string): Promise<void> {
  await runSql(url, 'DELETE FROM jobsweep_history');
  await runSql(
    url,
    "UPDATE resource_allocations SET status = 'ALLOCATED', released_time = NULL WHERE job_id IN (1, 2)",
  );
}

/** Who repaired that, once its turn is over. The test's own time ends the waiting. */
async function repairer(url: string): Promise<string> {
  for (;;) {
    const { rows } = await runSql(
      url,
      `SELECT h.holder FROM jobsweep_history h JOIN jobsweep_claims c USING (strategy)
       WHERE strategy = 'completed_job_cleanup' AND c.holder IS NULL`,
    );
    const [found] = rows as { holder: string }[];
    if (found !== undefined) return found.holder;
    await delay(50);
  }
}
