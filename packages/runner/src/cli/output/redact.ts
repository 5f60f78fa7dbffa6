import { visible, withoutSecrets } from '@jobsweep/core';

const HIDDEN = '***';

const SECRET_KEY = /passw|secret|token|_pwd$/i;
const DEFAULT_WORDS = [
  'jobs',
  'resource_allocations',
  'jobsweep',
  'jobsweep_claims',
  'jobsweep_history',
  'jobsweep_changes',
];

/**
 * Keeps passwords out of everything that the command writes. It learns them from the config and the environment; a URL's
 * password is hidden even where nothing was learned. A password that is also a name in the config (`postgres` of
 * `postgres`) is hidden in URLs only, since hiding the name everywhere would make the output useless and give it away.
 */
export class Redactor {
  private readonly secrets = new Set<string>();
  private readonly words = new Set<string>(DEFAULT_WORDS);

  /** Takes the secrets out of a config, whatever its shape, and out of the environment. */
  learn(value: unknown, key = ''): void {
    if (typeof value === 'string') this.learnText(value, key);
    else if (Array.isArray(value)) for (const item of value) this.learn(item, key);
    else if (typeof value === 'object' && value !== null && isPlain(value)) {
      for (const [name, item] of Object.entries(value)) this.learn(item, name);
    }
  }

  learnEnvironment(env: NodeJS.ProcessEnv): void {
    for (const [name, value] of Object.entries(env)) {
      if (value !== undefined && (SECRET_KEY.test(name) || value.includes('://'))) this.learnText(value, name);
    }
  }

  /** The text without secrets. */
  text(text: string): string {
    let shown = withoutSecrets(text);
    for (const secret of this.secrets) {
      if (!this.words.has(secret)) shown = shown.replaceAll(wholeWord(secret), HIDDEN);
    }
    return shown;
  }

  /** The same for every text in a value that becomes JSON. */
  value(value: unknown): unknown {
    return JSON.parse(
      JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? this.text(item) : item)),
    );
  }

  private learnText(text: string, key: string): void {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (SECRET_KEY.test(key)) this.keep(text);
    else if (url === undefined) this.words.add(text);
    if (url === undefined) return;
    this.keep(url.password);
    this.keep(decoded(url.password));
    for (const [name, value] of url.searchParams) if (SECRET_KEY.test(name)) this.keep(value);
    for (const word of [url.username, decoded(url.username), url.hostname, url.pathname.slice(1)]) this.words.add(word);
  }

  private keep(secret: string): void {
    if (secret !== '') for (const written of [secret, visible(secret)]) this.secrets.add(written);
  }
}

/** What a driver prints has other signs around it; inside of a longer word it is no secret. */
function wholeWord(secret: string): RegExp {
  const escaped = secret.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])`, 'g');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
