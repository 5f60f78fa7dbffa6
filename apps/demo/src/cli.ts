#!/usr/bin/env node
import { runDemo } from './demo.js';
import { InputError, oneLine, reasonOf } from './errors.js';
import { abortWhenInterrupted, Interrupted } from './interruption.js';
import { consoleLogger } from './logger.js';
import { localeOf, parseOptions } from './options.js';
import { formatsOf } from './report/numbers.js';
import { noProgress, progressBars } from './report/progress.js';
import { Report } from './report/report.js';
import { styleFor } from './report/style.js';
import { ReadError } from './swf/problems.js';
import { demoTexts } from './texts/demo-texts.js';

const BAD_INPUT = 2;
const INTERRUPTED = 128;

/** Runs the command and gives its exit status: 0 clean, 1 not clean or failed, 2 bad input, 128 + n by signal n. */
async function main(args: readonly string[]): Promise<number> {
  const { stdout, stderr, env } = process;
  const write = (text: string) => void stdout.write(text);
  const signal = abortWhenInterrupted();
  let texts = demoTexts.en;
  try {
    texts = demoTexts[localeOf(args)];
    // npm runs scripts in the package's folder; paths are relative to the person's.
    const options = parseOptions(args, texts, env.INIT_CWD ?? process.cwd(), write);
    if (options === undefined) return 0;
    const formats = formatsOf(texts.locale);
    const report = new Report(write, texts, formats, styleFor(stdout, env));
    const isQuiet = options.verbose || !stderr.isTTY || env.TERM === 'dumb';
    const progress = isQuiet ? noProgress : progressBars(stderr, formats.count);
    const logger = options.verbose ? consoleLogger : undefined;
    return (await runDemo(options, { report, progress, texts, logger, signal })) ? 0 : 1;
  } catch (error) {
    const say = (text: string) => void stderr.write(`${text}\n`);
    if (error instanceof Interrupted) {
      // Whoever read the output has gone, and wants to hear nothing.
      if (error.signalName !== 'SIGPIPE') say(texts.stopped);
      return error.exitStatus;
    }
    if (error instanceof InputError || error instanceof ReadError) {
      say(oneLine(texts.problem(error.problem)));
      return BAD_INPUT;
    }
    say(texts.failed(reasonOf(error)));
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
// What was interrupted may still be waiting for a server that is gone.
if (process.exitCode > INTERRUPTED) process.stderr.write('', () => process.exit());
