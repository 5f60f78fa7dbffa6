import type { Locale } from '@jobsweep/core';
import { en, type Words } from './en/index.js';
import { zhCN } from './zh-cn/index.js';

export type { Words } from './en/index.js';

const WORDS = { en, 'zh-CN': zhCN } as const satisfies Record<Locale, Words>;

/** The words of a language. */
export const wordsOf = (locale: Locale = 'en'): Words => WORDS[locale];
