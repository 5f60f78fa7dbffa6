import { basename } from 'node:path';
import type { z } from 'zod';
import type { Audience } from '../audience.js';
import { crossChecks } from './cross-checks.js';
import { expandVariables } from './environment.js';
import { findConfig } from './find.js';
import { ConfigError } from './problems.js';
import { readConfig } from './read.js';
import { configSchema } from './schema.js';
import { toProblems } from './to-problems.js';

/** A config file that has been checked. */
export type Config = z.output<ReturnType<typeof configSchema>>;

export interface LoadedConfig {
  readonly config: Config;
  /** Where it is, as an absolute path. */
  readonly path: string;
}

/**
 * Finds, reads and checks the config file. Throws `INVALID_CONFIG` with every mistake in it. `audience` hears of the config
 * as soon as it is read, whatever is wrong with it: it says in which language to complain, and may hold secrets.
 */
export async function loadConfig(
  {
    folder,
    named,
    env,
  }: { readonly folder: string; readonly named: string | undefined; readonly env: NodeJS.ProcessEnv },
  audience: Audience,
  onRead: (config: unknown) => void = () => undefined,
): Promise<LoadedConfig> {
  const path = findConfig(folder, named, audience.words.config);
  const read = await readConfig(path, audience.words.config);
  audience.hear(read);
  const words = audience.words.config;
  const { value, problems: unset } = expandVariables(read, env, words);
  onRead(value);
  const schema = configSchema(words);
  const parsed = schema.safeParse(value);
  const problems = [...unset, ...(parsed.success ? [] : toProblems(parsed.error.issues, schema, value, words))];
  const paths = problems.map((problem) => problem.path);
  const section = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  // What is wrong inside of a section is said; that the section does not fit then says nothing new.
  problems.push(
    ...crossChecks(section, env, words).filter(
      ({ path: at }) => !paths.some((known) => known === at || known.startsWith(`${at}.`)),
    ),
  );
  if (!parsed.success || problems.length > 0) throw new ConfigError(basename(path), problems);
  return { config: parsed.data, path };
}
