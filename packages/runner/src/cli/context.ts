import { setTimeout as delay } from 'node:timers/promises';
import type { OpenedStore } from '@jobsweep/core';
import type { Audience } from './audience.js';
import { type LoadedConfig, loadConfig } from './config/load.js';
import type { ExitCode } from './exit.js';
import { openStore } from './open.js';
import type { Output, Surroundings } from './output/output.js';

/** What every command can be told. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: true;
}

/** What every command works with. */
export interface Context {
  readonly surroundings: Surroundings;
  readonly output: Output;
  readonly audience: Audience;
  /** Fires when somebody wants the command to end. */
  readonly signal: AbortSignal;
}

/** A config with the store that it describes. */
export interface Opened extends LoadedConfig, Pick<OpenedStore<unknown>, 'store'> {}

/** Reads the config file that `options` and the working folder lead to. */
function readConfigFile({ surroundings, output, audience }: Context, { config }: CommonOptions): Promise<LoadedConfig> {
  const { folder, env } = surroundings;
  return loadConfig({ folder, named: config, env }, audience, (read) => output.redactor.learn(read));
}

/** Does the work of a command on the configured store, and closes it whatever happens. */
export async function withStore(
  context: Context,
  options: CommonOptions,
  work: (opened: Opened) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = await readConfigFile(context, options);
  const opened = await openStore(loaded, context.audience.words.config);
  try {
    return await work({ ...loaded, store: opened.store });
  } finally {
    await closed(opened, context.signal);
  }
}

/** What a server that is gone does not answer is not waited for once the command is to end. */
const CLOSE_MS = 1500;

async function closed({ close }: Pick<OpenedStore<unknown>, 'close'>, signal: AbortSignal): Promise<void> {
  const closing = close();
  if (!signal.aborted) return closing;
  const patience = new AbortController();
  await Promise.race([closing, delay(CLOSE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  closing.catch(() => undefined);
}
