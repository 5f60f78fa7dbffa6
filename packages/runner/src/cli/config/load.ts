import { basename } from 'node:path';
import type { z } from 'zod';
import { crossChecks } from './cross-checks.js';
import { expandVariables } from './environment.js';
import { findConfig } from './find.js';
import { ConfigError } from './problems.js';
import { readConfig } from './read.js';
import { configSchema } from './schema.js';
import { toProblems } from './to-problems.js';

/** A config file that has been checked. */
export type Config = z.output<typeof configSchema>;

export interface LoadedConfig {
  readonly config: Config;
  /** Where it is, as an absolute path. */
  readonly path: string;
}

/**
 * Finds, reads and checks the config file. Throws `INVALID_CONFIG` with every mistake in it. `onRead` gets the config as
 * soon as it is read, whatever is wrong with it: it may hold secrets.
 */
export async function loadConfig(
  {
    folder,
    named,
    env,
  }: { readonly folder: string; readonly named: string | undefined; readonly env: NodeJS.ProcessEnv },
  onRead: (config: unknown) => void = () => undefined,
): Promise<LoadedConfig> {
  const path = findConfig(folder, named);
  const { value, problems: unset } = expandVariables(await readConfig(path), env);
  onRead(value);
  const parsed = configSchema.safeParse(value);
  const problems = [...unset, ...(parsed.success ? [] : toProblems(parsed.error.issues, configSchema, value))];
  const paths = problems.map((problem) => problem.path);
  const further = crossChecks(typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
  // What is wrong inside of a section is said; that the section does not fit then says nothing new.
  problems.push(
    ...further.filter(({ path: at }) => !paths.some((known) => known === at || known.startsWith(`${at}.`))),
  );
  if (!parsed.success || problems.length > 0) throw new ConfigError(basename(path), problems);
  return { config: parsed.data, path };
}
