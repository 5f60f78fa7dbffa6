import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The language and the look that somebody chose in this browser; before that the browser's own. */
export function useSettings() {
  const [language, setLanguage] = useState<Language>(() => chosen('language', LANGUAGES) ?? ofBrowser());
  const [theme, setTheme] = useState<Theme>(() => chosen('theme', THEMES) ?? 'auto');
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useLayoutEffect(() => {
    const isDark = matchMedia('(prefers-color-scheme: dark)');
    const show = () => {
      const ofSystem = isDark.matches ? 'dark' : 'light';
      document.documentElement.dataset.theme = theme === 'auto' ? ofSystem : theme;
    };
    show();
    isDark.addEventListener('change', show);
    return () => isDark.removeEventListener('change', show);
  }, [theme]);
  return {
    language,
    theme,
    choose(settings: { readonly language?: Language; readonly theme?: Theme }) {
      for (const [name, value] of Object.entries(settings)) localStorage.setItem(`jobsweep-${name}`, value);
      if (settings.language !== undefined) setLanguage(settings.language);
      if (settings.theme !== undefined) setTheme(settings.theme);
    },
  };
}

function chosen<const Value extends string>(name: string, known: readonly Value[]): Value | undefined {
  const kept = localStorage.getItem(`jobsweep-${name}`);
  return known.find((value) => value === kept);
}

const ofBrowser = (): Language => (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en');
