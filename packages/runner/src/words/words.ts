import type { Locale } from '@jobsweep/core';
import { en } from './en/index.js';
import { zhCN } from './zh-cn/index.js';

/** All that the command and the runner say to people, but log texts: a value or a function for each thing to say. */
export type Words = typeof en;

const WORDS = { en, 'zh-CN': zhCN } as const satisfies Record<Locale, Words>;

/** The words of a language. */
export const wordsOf = (locale: Locale = 'en'): Words => WORDS[locale];
