import type { Locale } from '@jobsweep/core';
import type { Told } from '../fitting-schema.js';
import { type Words, wordsOf } from '../words/words.js';

/** Whoever reads what a command writes: in which language, and where they have their options. Known once a config is read. */
export class Audience implements Told {
  locale: Locale = 'en';
  root: 'store.' | '' = 'store.';

  get words(): Words {
    return wordsOf(this.locale);
  }

  /** Takes from a config, whatever else is wrong with it, what it says of its readers. */
  hear(config: unknown): void {
    if (typeof config !== 'object' || config === null) return;
    if ('locale' in config && (config.locale === 'en' || config.locale === 'zh-CN')) this.locale = config.locale;
    if ('open' in config && config.open !== undefined) this.root = '';
  }
}
