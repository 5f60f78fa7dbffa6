import { once } from 'node:events';
import type { ServiceLogger } from '../../observe/index.js';
import { createLogger } from '../../observe/logs/create-logger.js';
import { createRunner, type Runner } from '../../runner.js';
import { scheduleOf } from '../../schedule/next-turn.js';
import { buildStrategies, runnerOptions, strategyConfig } from '../build.js';
import { requireConfirmed } from '../config/assumptions.js';
import { type CommonOptions, type Context, type Opened, withStore } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import type { Observed } from '../observe.js';
import { runsOf } from '../output/list.js';
import { scheduleInWords } from '../schedule.js';
import { type ServingOptions, servingOf } from '../serving.js';
import { type AddCommand, action, command, wholeNumber } from './common.js';

interface StartOptions extends CommonOptions, ServingOptions {}

export const addStart: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.start;
  command(program, context, 'start', help.about)
    .option('--host <host>', help.host)
    .option('--port <port>', help.port, wholeNumber(context, '--port', 0, 65_535))
    .option('--no-http', help.noHttp)
    .action(action(context, onEnd, runStart))
    .addHelpText('after', help.end);
};

async function runStart(context: Context, options: StartOptions): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    requireConfirmed(context, opened);
    const { store, config } = opened;
    const logger = loggerFor(context, opened, options);
    const strategies = buildStrategies(store, config, logger);
    const runner = createRunner(runnerOptions(store, config, strategies, logger));
    // No other command serves or measures anything, and what that takes is long to load.
    const [{ observe }, { pageOf }] = await Promise.all([import('../observe.js'), import('../page.js')]);
    const serving = servingOf(context, opened, options);
    const http = serving && { ...serving, page: pageOf(context, opened, strategies, { ...serving, logger }) };
    const observed = await observe(runner, { store, logger, http });
    const { signal } = context;
    const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort');
    try {
      // A database that says nothing does not keep the command from being stopped.
      await Promise.race([runner.start(), stopped]);
      if (!signal.aborted) announce(context, options, { runner, observed, config, logger });
      await stopped;
      logger.info(context.audience.words.start.stopping);
    } finally {
      await runner.stop();
      await observed.close();
    }
    logger.info(context.audience.words.start.stopped);
    return EXIT.ok;
  });
}

/** JSON for programs, whatever the config says. */
function loggerFor({ output, surroundings }: Context, { config }: Opened, { json }: StartOptions): ServiceLogger {
  const { level = 'info', format = 'auto' } = config.log ?? {};
  const isTTY = surroundings.stderr.isTTY;
  const written = { isTTY, write: (line: string) => output.log(line) };
  return createLogger({ level, format: json ? 'json' : format, output: written });
}

interface Started {
  readonly runner: Runner;
  readonly observed: Observed;
  readonly config: Opened['config'];
  readonly logger: ServiceLogger;
}

function announce(
  { output }: Context,
  { json }: StartOptions,
  { runner, observed: { http }, config, logger }: Started,
): void {
  const { start: words, time } = output.words;
  const { holder, strategies } = runner.status();
  const on = strategies.filter(({ isEnabled }) => isEnabled);
  if (json) output.json({ holder, http, strategies: on.map(({ name, mode, schedule }) => ({ name, mode, schedule })) });
  const intervals = new Map(runner.strategies.map(({ name, intervalSeconds }) => [name, intervalSeconds]));
  const shown = on.map(({ name, mode }) => {
    const schedule = scheduleOf({ intervalSeconds: intervals.get(name) ?? 0 }, strategyConfig(config, name));
    return `${name} ${runsOf(scheduleInWords(schedule, time), mode, output.words)}`;
  });
  const where = http === null ? '' : words.serving(`http://${http.host}:${http.port}`);
  logger.info(words.started(where, shown.join(', ')));
}
