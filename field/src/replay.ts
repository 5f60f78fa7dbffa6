import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '@jobsweep/test-engines';
import type { Command, DatabaseName, Look, Step } from './case.js';
import type { NamedCase } from './cases.js';
import { type Finished, startJobsweep } from './jobsweep.js';
import { connect } from './raw.js';
import type { Stage } from './stage.js';
import type { Outcome } from './verdict.js';

/** Replays a case in a database of its own, and says what became of each thing that is right. */
export async function replay(
  { name, folder, told }: NamedCase,
  server: { readonly database: DatabaseName; readonly url: string; readonly signal: AbortSignal },
): Promise<Outcome[]> {
  const database = await createDatabase(server.url, { prefix: `field_${name}` });
  try {
    const { url } = database;
    const raw = await connect(url);
    try {
      const start: Stage['start'] = (args, env = {}) =>
        startJobsweep(args.split(' '), { folder, env: { DATABASE_URL: url, ...env }, signal: server.signal });
      const stage: Stage = { url, raw, start, run: (args, env) => start(args, env).finished };
      await raw.run(readFileSync(setupOf(folder, server.database), 'utf8'));
      const outcomes: Outcome[] = [];
      for (const step of told.steps) outcomes.push(...(await take(step, stage)));
      return outcomes;
    } finally {
      await raw.close();
    }
  } finally {
    await database.drop();
  }
}

function setupOf(folder: string, database: DatabaseName): string {
  const own = join(folder, `setup.${database}.sql`);
  return existsSync(own) ? own : join(folder, 'setup.sql');
}

async function take(step: Step, stage: Stage): Promise<Outcome[]> {
  if ('jobsweep' in step) return judge(step, await stage.run(step.jobsweep, step.env));
  if ('select' in step) return [compare(step, await stage.raw.rows(step.select))];
  if ('watch' in step) return [{ right: step.right, waitsFor: step.waitsFor, problem: await step.watch(stage) }];
  await stage.raw.run(step.sql);
  return [];
}

function judge(command: Command, { text, status, peakMib }: Finished): Outcome[] {
  const { jobsweep, exits = 0, says = [], maxMemoryMib } = command;
  const printed = `jobsweep ${jobsweep} ended with ${status} and printed\n${text.trim()}`;
  const outcomes: Outcome[] = [
    { right: `jobsweep ${jobsweep} ends with ${exits}`, problem: status === exits ? undefined : printed },
  ];
  if (maxMemoryMib !== undefined) {
    const problem = peakMib <= maxMemoryMib ? undefined : `it took ${Math.round(peakMib)} MiB`;
    outcomes.push({ right: `jobsweep ${jobsweep} takes at most ${maxMemoryMib} MiB`, problem });
  }
  const lines = text.split('\n');
  for (const { line, right, waitsFor } of says) {
    const isSaid = lines.some((each) => line.test(each));
    outcomes.push({ right, waitsFor, problem: isSaid ? undefined : `no line is like ${line}: ${printed}` });
  }
  return outcomes;
}

function compare({ right, waitsFor, rows }: Look, found: readonly string[]): Outcome {
  const isSame = found.length === rows.length && found.every((row, index) => row === rows[index]);
  const problem = isSame ? undefined : `expected ${rows.join(', ') || 'no row'}; found ${found.join(', ') || 'no row'}`;
  return { right, waitsFor, problem };
}
