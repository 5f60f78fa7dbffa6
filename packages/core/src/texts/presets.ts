import { en } from './en.js';
import type { Texts } from './texts.js';
import { zhCN } from './zh-cn.js';

/** The presets by locale. */
export const presets = { en, 'zh-CN': zhCN } as const satisfies Record<string, Texts>;

export type Locale = keyof typeof presets;
