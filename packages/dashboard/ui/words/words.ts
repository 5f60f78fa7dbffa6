import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Format } from '../format.js';
import type { Language } from '../settings.js';
import { en } from './en.js';
import { zhCn } from './zh-cn.js';

type Words = typeof en;

/** What a view says things with. */
export interface Speech {
  readonly words: Words;
  readonly format: Format;
}

const words: Readonly<Record<Language, Words>> = { en, 'zh-CN': zhCn };

export const speechOf = (language: Language): Speech => ({
  words: words[language],
  format: new Format(words[language], language),
});

export const SpeechContext = createContext<Speech>(speechOf('en'));

export const useSpeech = (): Speech => useContext(SpeechContext);
