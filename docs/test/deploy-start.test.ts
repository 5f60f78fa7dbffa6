import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { knexStore } from '@jobsweep/repo-knex';
import createKnex from 'knex';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runSql, withDatabasesFor } from './support/database.js';
import { readPage, root } from './support/pages.js';

const PAGE = 'docs/deploy.md';
const NAME = 'jobsweep.config.json';

/** What the ConfigMap mounts. */
const config = parseAllDocuments(readPage('docs/deploy/kubernetes.yaml'))
  .map((document) => document.toJS() as { kind: string; data: Record<string, string> })
  .find(({ kind }) => kind === 'ConfigMap')?.data[NAME];

interface Started {
  readonly child: ChildProcess;
  readonly lines: Record<string, unknown>[];
  /** The text of the line in which it tells where it serves. */
  readonly port: Promise<string>;
  readonly ended: Promise<unknown[]>;
}

/** Starts the command as the container does, on a port of its own, in a folder like the image's. */
function start(folder: string, env: NodeJS.ProcessEnv): Started {
  const command = join(root, 'packages/runner/bin/jobsweep.js');
  const child = spawn(process.execPath, [command, 'start', '--port', '0'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  const ended = once(child, 'exit');
  const port = new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      lines.push(line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : { msg: line });
      const [, found] = /serving http:\/\/0\.0\.0\.0:(\d+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    ended.then(() => reject(new Error(`It ended: ${JSON.stringify(lines)}`)), reject);
  });
  return { child, lines, port, ended };
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'jobsweep-deploy-'));
  try {
    writeFileSync(join(folder, NAME), config ?? '');
    symlinkSync(join(root, 'docs/node_modules'), join(folder, 'node_modules'));
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeOwnTables(url = ''): Promise<void> {
  const knex = createKnex({ client: 'pg', connection: url });
  await knexStore(knex)
    .ownTables.create()
    .finally(() => knex.destroy());
}

describe('the config of the manifests', () => {
  test('starts two runners that pass their probes, and hold no turn once SIGTERM has ended them', async () => {
    await withDatabasesFor(PAGE, ({ PG_URL }) =>
      inFolder(async (folder) => {
        await makeOwnTables(PG_URL);
        const pair = [start(folder, { PG_URL }), start(folder, { PG_URL })];
        try {
          for (const { port } of pair) {
            const base = `http://127.0.0.1:${await port}`;
            expect((await fetch(`${base}/healthz`)).status).toBe(200);
            const ready = await fetch(`${base}/readyz`);
            expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
            expect(await (await fetch(`${base}/metrics`)).text()).toContain('jobsweep_coordinated 1\n');
          }
        } finally {
          for (const { child } of pair) child.kill('SIGTERM');
        }
        for (const { ended, lines } of pair) {
          expect(await ended).toEqual([0, null]);
          expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
        }
        const claims = await runSql(PG_URL ?? '', 'select holder from jobsweep_claims where holder is not null');
        expect(claims.rows).toEqual([]);
      }),
    );
  });

  test('does not start where the tables are missing that keep two runners apart', async () => {
    await withDatabasesFor(PAGE, ({ PG_URL }) =>
      inFolder(async (folder) => {
        const { ended, port, lines } = start(folder, { PG_URL });
        await expect(port).rejects.toThrow(/jobsweep init/);
        const [code] = await ended;
        expect(code).not.toBe(0);
        expect(JSON.stringify(lines)).not.toContain(PG_URL);
      }),
    );
  });
});
