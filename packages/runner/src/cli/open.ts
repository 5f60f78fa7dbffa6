import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AdapterModule, type CleanupStore, isJobsweepError, type OpenedStore } from '@jobsweep/core';
import { resolveModulePath } from 'exsolve';
import { closestWord } from '../words/suggest.js';
import type { Words } from '../words/words.js';
import type { LoadedConfig } from './config/load.js';
import { ConfigError, type ConfigProblem } from './config/problems.js';
import { STORE_OPTIONS } from './config/store-options.js';

/** A store whose sessions nobody looks into. */
export type AnyStore = CleanupStore<unknown>;

/** Opens the store that a config describes. Throws `INVALID_CONFIG` where its adapter cannot be used. */
export async function openStore({ config, path }: LoadedConfig, words: Words['config']): Promise<OpenedStore<unknown>> {
  const { open, adapter = '', connection = { url: '' }, store = {} } = config;
  if (open !== undefined) return checkOpened(await open(), path, words);
  const module = await loadAdapter(adapter, path, words);
  const { url, poolSize } = connection;
  return module.openStore({ url, ...(poolSize !== undefined && { poolSize }) }, store);
}

/** The adapter as it is installed beside the config file, not beside this package. */
async function loadAdapter(adapter: string, path: string, words: Words['config']): Promise<AdapterModule> {
  const wrong = (problem: Omit<ConfigProblem, 'path'>) =>
    new ConfigError(basename(path), [{ path: 'adapter', ...problem }]);
  const found = resolveModulePath(adapter, {
    from: pathToFileURL(path),
    conditions: ['node', 'import', 'default'],
    try: true,
  });
  if (found === undefined) {
    const meant = closestWord(adapter, Object.keys(STORE_OPTIONS));
    const isMistyped = meant !== undefined && meant !== adapter;
    const problem = words.notInstalled(adapter);
    throw wrong(isMistyped ? { ...problem, fix: words.didYouMean(meant) } : problem);
  }
  const module = (await import(pathToFileURL(found).href).catch((error: unknown) => {
    if (isJobsweepError(error)) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw wrong(words.notLoaded(adapter, reason ?? ''));
  })) as Partial<AdapterModule>;
  if (typeof module.openStore !== 'function') {
    throw wrong(words.noOpenStore(adapter, Object.keys(STORE_OPTIONS).join(', ')));
  }
  return module as AdapterModule;
}

function checkOpened(opened: unknown, path: string, words: Words['config']): OpenedStore<unknown> {
  const { store, close } = (opened ?? {}) as Partial<OpenedStore<unknown>>;
  if (typeof store === 'object' && typeof close === 'function') return opened as OpenedStore<unknown>;
  throw new ConfigError(basename(path), [{ path: 'open', ...words.noStore }]);
}
