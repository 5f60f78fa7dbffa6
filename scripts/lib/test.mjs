import { rmSync } from 'node:fs';
import { contractTable, failuresIn, readResults, resultsFile, table, total } from './results.mjs';
import { install, pnpm, quietly } from './setup.mjs';
import { workspacePackages } from './workspace.mjs';

export async function test(args) {
  await install();
  const packages = workspacePackages().filter(({ manifest }) => manifest.scripts?.test);
  for (const { folder } of packages) rmSync(resultsFile(folder), { force: true });
  const order = ['--continue=dependencies-successful', '--log-order=grouped'];
  const { servers, isWhole } = await findServers();
  const { status } = await pnpm(['exec', 'turbo', 'run', 'test', ...order, ...args]);
  // With arguments of its own a run may leave packages out on purpose.
  const results = packages.map(readResults).filter((result) => args.length === 0 || !result.missing);
  const sum = total(results);
  console.log(`\n${contractTable(results)}\n\n${table(results)}\n\nTested with ${servers}.\n`);
  if (!isWhole)
    console.log(
      'Not all of the contract suite: its table says what SUITE=whole runs besides, as .ci/run does. That also breaks ' +
        'adapters on real engines, to see that the suite finds it.\n',
    );
  if (sum.failed > 0) console.log(`${failuresIn(results)}\n`);
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  process.exit(status !== 0 ? status : sum.failed > 0 ? 1 : 0);
}

/** What the tests will run against; a server that cannot be had ends the run with the one line that says what to do. */
async function findServers() {
  await quietly('Building', ['exec', 'turbo', 'run', 'build', '--filter=@jobsweep/test-engines']);
  const { asksForWholeSuite, chosenEngines, describeEngine, ENGINE_NAMES, withoutEngines } = await import(
    '../../test-engines/dist/index.js'
  );
  try {
    const chosen = chosenEngines();
    const servers = [];
    for (const name of chosen) servers.push(await describeEngine(name));
    const leftOut = process.env.ENGINES ? ENGINE_NAMES.filter((name) => !chosen.includes(name)) : [];
    if (!process.env.ENGINES) servers.push(...withoutEngines());
    if (leftOut.length > 0) servers.push(`without ${leftOut.join(', ')}, which ENGINES leaves out`);
    return { servers: servers.join(', '), isWhole: asksForWholeSuite() };
  } catch (error) {
    if (!error.code?.startsWith('ENGINE_')) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
