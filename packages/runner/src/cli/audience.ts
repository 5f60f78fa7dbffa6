import type { Locale } from '@jobsweep/core';
import type { Told } from '../connection/fitting-schema.js';
import { type Words, wordsOf } from '../words/words.js';

/** Whoever reads what a command writes: in which language, and where they have their options. */
export class Audience implements Told {
  /** That of the environment until a config is read, which says it from then on. */
  locale: Locale;
  root: 'store.' | '' = 'store.';

  constructor({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv) {
    this.locale = /^zh(?![a-z])/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh-CN' : 'en';
  }

  get words(): Words {
    return wordsOf(this.locale);
  }

  /** Takes from a config, whatever else is wrong with it, what it says of its readers. */
  hear(config: unknown): void {
    if (typeof config !== 'object' || config === null) return;
    this.locale = 'locale' in config && config.locale === 'zh-CN' ? 'zh-CN' : 'en';
    if ('open' in config && config.open !== undefined) this.root = '';
  }
}
