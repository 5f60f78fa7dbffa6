import { packageVersion } from '../package-version.js';
import { Audience } from './audience.js';
import { EXIT, type ExitCode } from './exit.js';
import { failureInWords, failureOf, failureToJson } from './failure.js';
import { abortWhenInterrupted } from './interruption.js';
import { Output, type Surroundings } from './output/output.js';
import { createProgram } from './program.js';

/** Runs the command and gives its exit status. */
export async function main(
  args: readonly string[],
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<ExitCode> {
  const audience = new Audience(surroundings.env);
  const output = new Output(surroundings, audience);
  const isJson = args.includes('--json');
  let status: ExitCode = EXIT.ok;
  const program = createProgram({ surroundings, output, audience, signal }, packageVersion(), (code) => {
    status = code;
  });
  const fail = (error: unknown): ExitCode => {
    const failure = failureOf(error, signal, audience);
    if (failure === undefined) return EXIT.ok;
    const { exitCode, code } = failure;
    const title = code === null || code === 'USAGE' ? audience.words.failures.error : code;
    if (isJson) output.complainJson({ error: failureToJson(failure) });
    else
      output.complain(
        `${output.errorStyle('red', title)}${audience.words.failures.colon}${failureInWords(failure, audience.words)}`,
      );
    return exitCode;
  };
  // What nobody waits for, such as a timer of a config file: Node would write its stack, which is no JSON.
  const endWith = (error: unknown) => {
    const exitCode = fail(error);
    surroundings.stderr.write('', () => process.exit(exitCode));
  };
  if (isJson) process.on('uncaughtException', endWith);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    return fail(error);
  } finally {
    process.off('uncaughtException', endWith);
  }
}

/** What `bin/jobsweep.js` calls. */
export async function runFromShell(): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  const signal = abortWhenInterrupted();
  process.exitCode = await main(process.argv.slice(2), { stdin, stdout, stderr, env, folder: process.cwd() }, signal);
  // What was interrupted may still be waiting for a server that is gone.
  if (signal.aborted) stderr.write('', () => process.exit());
}
