import type { Locale } from '@jobsweep/core';
import { en } from './en.js';
import type { DemoTexts } from './texts.js';
import { zhCN } from './zh-cn.js';

/** The demo's texts by locale. */
export const demoTexts: Readonly<Record<Locale, DemoTexts>> = { en, 'zh-CN': zhCN };
