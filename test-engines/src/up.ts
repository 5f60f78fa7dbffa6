// `pnpm engines up`: servers for development, until somebody ends them. What it prints can be pasted into a shell.
import { chosenEngines, describeEngine, startEngines, stopAll, variableOf } from './engines.js';
import { EngineError } from './errors.js';

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => ending.abort());

try {
  const { signal } = ending;
  const names = chosenEngines();
  console.log(`# Starting ${names.join(', ')} ...`);
  const servers = await startEngines(names, { signal });
  for (const [name, { url }] of servers) {
    console.log(`\n# ${await describeEngine(name)}`);
    console.log(`export ${variableOf(name)}='${url.replaceAll("'", '%27')}'`);
  }
  console.log('\n# Paste the lines with export into another terminal: tests and the demo use these servers there.');
  console.log('# Ctrl-C here ends them.');
  await untilAborted(signal);
  await stopAll(servers);
} catch (error) {
  if (!ending.signal.aborted) {
    if (!(error instanceof EngineError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Nothing else keeps this process alive: its servers let it end. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const alive = setInterval(() => undefined, 3_600_000);
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}
