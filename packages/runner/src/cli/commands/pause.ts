import { durationIn } from '../config/durations.js';
import { type CommonOptions, type Context, withStore } from '../context.js';
import { EXIT, type ExitCode, UsageError } from '../exit.js';
import { operatorRequest } from '../operator.js';
import { pauseInWords } from '../output/pause.js';
import { type AddCommand, action, command } from './common.js';

interface PauseOptions extends CommonOptions {
  readonly for?: number;
}

const TEN_YEARS_SECONDS = 315_360_000;

export const addPause: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.pause;
  command(program, context, 'pause', help.about)
    .argument('<strategy>', help.strategy)
    .option('--for <time>', help.for, secondsOf(context))
    .action(action(context, onEnd, runPause));
};

export const addResume: AddCommand = (program, context, onEnd) => {
  const help = context.audience.words.help.resume;
  command(program, context, 'resume', help.about)
    .argument('<strategy>', help.strategy)
    .action(action(context, onEnd, runResume));
};

const secondsOf =
  ({ audience }: Context) =>
  (text: string): number => {
    const seconds = /[a-z]\s*$/i.test(text) ? durationIn('seconds', text) : undefined;
    if (seconds !== undefined && seconds > 0 && seconds <= TEN_YEARS_SECONDS) return seconds;
    throw new UsageError(audience.words.pause.duration(text));
  };

async function runPause(context: Context, options: PauseOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const { output } = context;
    const request = operatorRequest(context, opened, names);
    const { config, strategy } = request;
    const pause = await opened.store.claims.pause({ ...request, forSeconds: options.for });
    output.answer({ config, strategy, ...pause }, options.json, () =>
      output.tell(pauseInWords(strategy, pause, output.words)),
    );
    return EXIT.ok;
  });
}

async function runResume(context: Context, options: CommonOptions, names: readonly string[]): Promise<ExitCode> {
  return withStore(context, options, async (opened) => {
    const { output } = context;
    const request = operatorRequest(context, opened, names);
    const { config, strategy, by } = request;
    const wasPaused = await opened.store.claims.resume(request);
    const { pause: words } = output.words;
    output.answer({ config, strategy, by, wasPaused }, options.json, () =>
      output.tell(wasPaused ? words.resumed(strategy) : words.notPaused(strategy)),
    );
    return EXIT.ok;
  });
}
