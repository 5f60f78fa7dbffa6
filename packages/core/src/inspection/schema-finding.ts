import { mistakesEn } from '../texts/mistakes-en.js';
import { mistakesZhCN } from '../texts/mistakes-zh-cn.js';
import type { Locale } from '../texts/presets.js';
import type { SchemaFinding } from './inspection.js';
import type { MistakeAt, MistakeTexts, MistakeWords, SchemaMistake } from './schema-mistake.js';

const TEXTS = { en: mistakesEn, 'zh-CN': mistakesZhCN } as const satisfies Record<Locale, MistakeTexts>;

/** For adapters: a finding of `inspect.schema()`, with its words. */
export function schemaFinding(path: string, mistake: SchemaMistake): SchemaFinding {
  return { path, ...mistakeInWords(mistake, { option: path }), mistake };
}

/** Puts a mistake into words, for somebody who writes the option in another place, or reads another language. */
export function mistakeInWords(mistake: SchemaMistake, at: MistakeAt, locale: Locale = 'en'): MistakeWords {
  const words = TEXTS[locale][mistake.kind] as (mistake: SchemaMistake, at: MistakeAt) => MistakeWords;
  return words(mistake, at);
}
